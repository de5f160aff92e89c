package io.solstice.faults.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What defects do to files and to checkpoints, rather than to rows. */
class FoldersTest {
    private static final String STATE = "job/state/1-1/count-0.arrow";

    @TempDir
    Path folder;

    private final Account account = new Account();
    private CheckpointFolder checkpoints = new CheckpointFolder(Path.of("/"), "job");
    private Path files = Path.of("/");

    @BeforeEach
    void begin() throws Exception {
        checkpoints = new CheckpointFolder(folder.resolve("checkpoints"), "job");
        files = Files.createDirectories(folder.resolve("output/events"));
        checkpoint(1, "part-1.json");
    }

    private OutputWatch watch() {
        return new OutputWatch(List.of(files), table(), checkpoints, account);
    }

    private Path table() {
        return folder.resolve("output/events.lance");
    }

    private Path object(String key) {
        return folder.resolve("checkpoints").resolve(key);
    }

    private void put(String key, String text) throws IOException {
        Files.createDirectories(object(key).getParent());
        Files.writeString(object(key), text);
    }

    private static String seal(String prefix, String text) throws Exception {
        String digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        return "\"" + prefix + "bytes\":" + text.length() + ",\"" + prefix + "sha256\":\"" + digest + "\"";
    }

    /** A checkpoint with one state, which publishes one file. */
    private void checkpoint(int number, String file) throws Exception {
        put(STATE, "state");
        String manifest = "{\"states\":[{\"key\":\"" + STATE + "\"," + seal("", "state") + "}],\"committables\":[\""
                + file + "\"]}";
        put("job/checkpoints/" + number + "/manifest.json", manifest);
        String entry = "{\"seq\":" + number + ",\"generation\":1,\"manifest\":\"job/checkpoints/" + number
                + "/manifest.json\"," + seal("manifest_", manifest) + "}";
        put("job/log/" + number + ".json", entry);
        put("job/log/" + number + ".committed", "");
    }

    @Test
    void whatIsAsItShouldBeHolds() throws Exception {
        OutputWatch watch = watch();
        watch.look();
        Files.writeString(files.resolve("part-1.json"), "row");
        watch.look();
        checkpoints.check(false, account);
        Leftovers.check(folder.resolve("output"), List.of(files), table(), false, account);
        assertThat(account.lines()).isEmpty();
        assertThat(watch.growths()).hasSize(1);
        assertThat(checkpoints.newestPublished()).isEqualTo(1);
    }

    /** A commit before its checkpoint is there for good. */
    @Test
    void findsOutputThatIsSeenTooEarly() throws Exception {
        OutputWatch watch = watch();
        watch.look();
        Files.writeString(files.resolve("part-2.json"), "row");
        watch.look();
        assertThat(account.counts()).isEqualTo(Map.of(Kind.TOO_EARLY, 1));
    }

    /** A zombie that goes on writing, and an abort that takes back what was published. */
    @Test
    void findsOutputThatChangesOrGoes() throws Exception {
        Path file = Files.writeString(files.resolve("part-1.json"), "row");
        OutputWatch watch = watch();
        watch.look();
        Files.writeString(file, "another", StandardOpenOption.APPEND);
        watch.look();
        assertThat(account.counts()).isEqualTo(Map.of(Kind.TAKEN_BACK, 1));
        Files.delete(file);
        watch.look();
        assertThat(account.count(Kind.TAKEN_BACK)).isEqualTo(2);
    }

    /** A later run that takes the names of an earlier one. */
    @Test
    void findsAFileInThePlaceOfAnother() throws Exception {
        Path file = Files.writeString(files.resolve("part-1.json"), "row");
        OutputWatch watch = watch();
        watch.look();
        Files.move(Files.writeString(folder.resolve("other"), "ROW"), file, StandardCopyOption.REPLACE_EXISTING);
        watch.look();
        assertThat(account.counts()).isEqualTo(Map.of(Kind.TAKEN_BACK, 1));
    }

    /** A clean-up that removes what the newest checkpoint needs. */
    @Test
    void findsAStateThatIsMissing() throws Exception {
        Files.delete(object(STATE));
        checkpoints.check(true, account);
        assertThat(account.counts()).isEqualTo(Map.of(Kind.DAMAGED, 1));
        assertThat(account.isClean()).isFalse();
    }

    /** Old checkpoints are removed, and the entries of the log stay; a clean-up must leave the newest ones. */
    @Test
    void findsAManifestThatWasRemovedTooEarly() throws Exception {
        for (int number = 2; number <= 7; number++) {
            checkpoint(number, "part-" + number + ".json");
        }
        Files.delete(object("job/checkpoints/1/manifest.json"));
        Files.delete(object("job/checkpoints/2/manifest.json"));
        checkpoints.check(false, account);
        assertThat(account.lines()).isEmpty();
        Files.delete(object("job/checkpoints/6/manifest.json"));
        checkpoints.check(false, account);
        assertThat(account.counts()).isEqualTo(Map.of(Kind.DAMAGED, 1));
    }

    @Test
    void findsAFlippedByteInAnyObject() throws Exception {
        for (String key : List.of(STATE, "job/checkpoints/1/manifest.json")) {
            byte[] content = Files.readAllBytes(object(key));
            content[content.length - 1] ^= 1;
            Files.write(object(key), content);
            Account found = new Account();
            checkpoints.check(true, found);
            assertThat(found.counts()).as(key).isEqualTo(Map.of(Kind.DAMAGED, 1));
            content[content.length - 1] ^= 1;
            Files.write(object(key), content);
        }
    }

    @Test
    void findsObjectsThatNothingLeadsTo() throws Exception {
        put("job/state/1-2/count-0.arrow", "state of a checkpoint that was given up");
        put("job/state/1-1/.new-1", "half of one");
        checkpoints.check(false, account);
        assertThat(account.counts()).isEqualTo(Map.of(Kind.UNREFERENCED, 2));
        Account afterAKill = new Account();
        checkpoints.check(true, afterAKill);
        assertThat(afterAKill.counts()).isEqualTo(Map.of(Kind.ORPHANED, 2));
        assertThat(afterAKill.isClean()).isTrue();
    }

    @Test
    void findsWhatIsLeftBesideTheOutput() throws Exception {
        Files.createDirectories(folder.resolve("output/.events.tmp"));
        Files.writeString(files.resolve(".part-7.json.new"), "half a row");
        Leftovers.check(folder.resolve("output"), List.of(files), table(), true, account);
        assertThat(account.counts()).isEqualTo(Map.of(Kind.LEFT_BEHIND, 2));
    }
}
