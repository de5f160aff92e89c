package io.solstice.connector.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.api.source.FileSource;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sink that is committed at several checkpoints, by several runs, some of which die in the middle of it. */
class EpochsTest {
    private static final String JOB = "job-0123456789ab";
    private static final String SECOND = "job-ba9876543210";
    private static final String THIRD = "job-ba9876543211";

    @TempDir
    Path folder;

    private final FilesFixture fixture = new FilesFixture();

    @AfterEach
    void noMemoryIsLeft() {
        fixture.close();
    }

    private Sink sink(String name) {
        String path = folder.resolve(name).toString();
        return fixture.sink(name.endsWith("csv") ? FileSink.csv(path) : FileSink.json(path));
    }

    private static SinkCommit commit(int generation, long epoch, SinkKind kind) {
        return new SinkCommit(
                "job",
                "sink",
                JOB,
                JOB + "-" + generation,
                "checkpoint_1_0000000" + epoch,
                epoch,
                kind == SinkKind.CONTINUED,
                kind == SinkKind.LAST,
                kind == SinkKind.RECOVERY);
    }

    private enum SinkKind {
        EPOCH,
        LAST,
        RECOVERY,
        CONTINUED
    }

    /** A part that holds one number. */
    private Committable part(Sink sink, int generation, int task, int tasks, long epoch, int number) throws Exception {
        return part(sink, generation, task, tasks, epoch, number, true);
    }

    private Committable part(Sink sink, int generation, int task, int tasks, long epoch, int number, boolean bounded)
            throws Exception {
        return part(sink, number, fixture.sinkContext(JOB + "-" + generation, task, tasks, null, epoch, bounded));
    }

    /** Of a job whose one task wrote in each epoch its number. */
    private Committable part(Sink sink, String run, int epoch) throws Exception {
        return part(sink, epoch, fixture.sinkContext(run, 0, 1, null, epoch, true));
    }

    private Committable part(Sink sink, int number, SinkContext context) throws Exception {
        Path in = Files.writeString(folder.resolve("number.in"), "{\"a\":" + number + "}");
        List<Batch> rows = fixture.batches(FileSource.json(in.toString()));
        Files.delete(in);
        try (SinkWriter writer = sink.open(context)) {
            for (Batch batch : rows) {
                writer.write(batch);
            }
            return new Committable(new StageId("sink"), context.taskIndex(), String.valueOf(writer.seal()));
        } finally {
            rows.forEach(Batch::close);
        }
    }

    private List<String> names() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private List<String> content(String directory) throws Exception {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve(directory))) {
            for (Path file : files.sorted().toList()) {
                if (!file.getFileName().toString().startsWith(".")) {
                    lines.addAll(Files.readAllLines(file));
                }
            }
        }
        return lines.stream().sorted().toList();
    }

    @Test
    void aDirectoryGrowsWithEveryCommitAndReplacesWhatWasThereOnce() throws Exception {
        try (Sink sink = sink("out")) {
            sink.commit(List.of(part(sink, 1, 0, 2, 1, 99), part(sink, 1, 1, 2, 1, 98)), FilesFixture.last());
            List<Committable> next = new ArrayList<>();
            for (int epoch = 1; epoch <= 3; epoch++) {
                List<Committable> now =
                        List.of(part(sink, 2, 0, 2, epoch, 10 * epoch), part(sink, 2, 1, 2, epoch, 10 * epoch + 1));
                next = List.of(part(sink, 2, 0, 2, epoch + 1, 7));
                for (int times = 0; times < 2; times++) {
                    sink.commit(now, commit(2, epoch, SinkKind.EPOCH));
                }
                sink.discard(next);
            }
            assertThat(content("out"))
                    .containsExactly(
                            "{\"a\":10}", "{\"a\":11}", "{\"a\":20}", "{\"a\":21}", "{\"a\":30}", "{\"a\":31}");
            List<Committable> end = List.of(part(sink, 2, 0, 2, 4, 40));
            sink.commit(end, commit(2, 4, SinkKind.LAST));
            sink.commit(end, commit(2, 4, SinkKind.LAST));
            assertThat(content("out")).hasSize(7).contains("{\"a\":40}");
            assertThat(names()).containsExactly("out");
            sink.validate(null, 2, true);
        }
    }

    @Test
    void aCommitThatWasCutShortIsFinishedByTheNextRun() throws Exception {
        try (Sink sink = sink("out")) {
            sink.commit(List.of(part(sink, 1, 0, 2, 1, 99), part(sink, 1, 1, 2, 1, 98)), FilesFixture.last());
            List<Committable> parts = List.of(part(sink, 1, 0, 2, 1, 1), part(sink, 1, 1, 2, 1, 2));
            Path staging = folder.resolve(".out.solstice-" + JOB + "-1-sink");
            Path fresh = folder.resolve(".out.solstice-job-sink.new");
            Files.createDirectories(fresh);
            Files.move(staging.resolve("part-00001.json"), fresh.resolve("part-00001.json"));
            Files.move(folder.resolve("out"), folder.resolve(".out.solstice-job-sink.old"));
            part(sink, 1, 0, 2, 2, 3);
            sink.commit(parts, commit(2, 1, SinkKind.RECOVERY));
            sink.commit(parts, commit(3, 1, SinkKind.RECOVERY));
            assertThat(content("out")).containsExactly("{\"a\":1}", "{\"a\":2}");
            assertThat(names()).as("what the dead run staged is gone").containsExactly("out");
        }
    }

    @Test
    void anotherSubmissionThatGoesOnAddsToTheDirectory() throws Exception {
        try (Sink sink = sink("out")) {
            sink.commit(List.of(part(sink, 1, 0, 2, 1, 1)), commit(1, 1, SinkKind.EPOCH));
            SinkCommit other = new SinkCommit(
                    "job",
                    "sink",
                    "job-ba9876543210",
                    "job-ba9876543210-1",
                    "checkpoint_2_00000001",
                    2,
                    true,
                    false,
                    false);
            List<Committable> parts = List.of(part(sink, 2, 0, 2, 2, 2));
            sink.commit(parts, other);
            sink.commit(parts, other);
        }
        assertThat(content("out")).containsExactly("{\"a\":1}", "{\"a\":2}");
    }

    @Test
    void oneTaskWithoutAnEndWritesADirectory() throws Exception {
        try (Sink sink = sink("out")) {
            sink.commit(List.of(part(sink, 1, 0, 1, 1, 1, false)), commit(1, 1, SinkKind.EPOCH));
            sink.commit(List.of(part(sink, 1, 0, 1, 2, 2, false)), commit(1, 2, SinkKind.EPOCH));
        }
        assertThat(content("out")).containsExactly("{\"a\":1}", "{\"a\":2}");
    }

    @Test
    void aFileIsSeenOnceItIsCompleteAndHoldsEveryEpoch() throws Exception {
        for (String name : List.of("out.csv", "out.json")) {
            Path target = folder.resolve(name);
            Files.writeString(target, "old");
            try (Sink sink = sink(name)) {
                for (int epoch = 1; epoch <= 3; epoch++) {
                    List<Committable> now = List.of(part(sink, epoch, 0, 1, epoch, epoch));
                    SinkKind kind = epoch == 2 ? SinkKind.RECOVERY : SinkKind.EPOCH;
                    sink.commit(now, commit(epoch, epoch, kind));
                    sink.commit(now, commit(epoch, epoch, kind));
                    assertThat(target).hasContent("old");
                }
                List<Committable> end = List.of(part(sink, 3, 0, 1, 4, 4));
                sink.commit(end, commit(3, 4, SinkKind.LAST));
                String all = name.endsWith("csv") ? "a\n1\n2\n3\n4\n" : "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{\"a\":4}\n";
                assertThat(Files.readString(target)).isEqualTo(all);
                sink.commit(end, commit(4, 4, SinkKind.LAST));
                assertThat(Files.readString(target)).isEqualTo(all);
            }
        }
        assertThat(names()).containsExactly("out.csv", "out.json");
    }

    @Test
    void aJobBegunAnewForgetsWhatAnUnfinishedOneKept() throws Exception {
        try (Sink sink = sink("out.json")) {
            sink.commit(List.of(part(sink, 1, 0, 1, 1, 1)), commit(1, 1, SinkKind.EPOCH));
            SinkCommit first = new SinkCommit(
                    "job",
                    "sink",
                    "job-ba9876543210",
                    "job-ba9876543210-1",
                    "checkpoint_2_00000001",
                    1,
                    false,
                    false,
                    false);
            sink.commit(List.of(part(sink, 5, 0, 1, 1, 5)), first);
            SinkCommit last = new SinkCommit(
                    "job",
                    "sink",
                    "job-ba9876543210",
                    "job-ba9876543210-1",
                    "checkpoint_2_00000002",
                    2,
                    false,
                    true,
                    false);
            sink.commit(List.of(part(sink, 5, 0, 1, 2, 6)), last);
        }
        assertThat(folder.resolve("out.json")).hasContent("{\"a\":5}\n{\"a\":6}");
        assertThat(names()).containsExactly("out.json");
    }

    private static SinkCommit of(String submission, long epoch, boolean last, boolean recovery) {
        String checkpoint = "checkpoint_3_0000000" + epoch;
        return new SinkCommit("job", "sink", submission, submission + "-1", checkpoint, epoch, true, last, recovery);
    }

    private String file(String name) throws Exception {
        return Files.readString(folder.resolve(name)).replaceAll("[^0-9\n]", "").strip();
    }

    @Test
    void aPublishedFileIsTheBeginningOfWhatGoesOnFromItsCheckpoint() throws Exception {
        for (String name : List.of("out.csv", "out.json")) {
            try (Sink sink = sink(name)) {
                sink.commit(List.of(part(sink, 1, 0, 1, 1, 1)), commit(1, 1, SinkKind.EPOCH));
                List<Committable> end = List.of(part(sink, 1, 0, 1, 2, 2));
                sink.commit(end, commit(1, 2, SinkKind.LAST));
                Files.createDirectory(folder.resolve("." + name + ".solstice-job-sink.new"));
                for (int times = 0; times < 2; times++) {
                    sink.commit(end, of(SECOND, 2, false, true));
                    assertThat(file(name)).as("seen until it is replaced").isEqualTo("1\n2");
                }
                sink.commit(List.of(part(sink, SECOND + "-1", 3)), of(SECOND, 3, false, false));
                for (int times = 0; times < 2; times++) {
                    sink.commit(List.of(), of(SECOND, 4, true, false));
                    assertThat(file(name)).isEqualTo("1\n2\n3");
                }
                sink.commit(List.of(), of(THIRD, 4, false, true));
                List<Committable> last = List.of(part(sink, THIRD + "-1", 5));
                for (int times = 0; times < 2; times++) {
                    sink.commit(last, of(THIRD, 5, true, false));
                    assertThat(file(name)).isEqualTo("1\n2\n3\n5");
                }
            }
        }
        assertThat(names()).containsExactly("out.csv", "out.json");
    }

    @Test
    void aFileOfSomebodyElseIsNoBeginning() throws Exception {
        Files.writeString(folder.resolve("out.json"), "{\"a\":99}\n");
        try (Sink sink = sink("out.json")) {
            List<Committable> unpublished = List.of(part(sink, 1, 0, 1, 1, 1));
            sink.commit(unpublished, of(SECOND, 1, false, true));
            sink.commit(List.of(part(sink, SECOND + "-1", 2)), of(SECOND, 2, true, false));
            assertThat(file("out.json")).isEqualTo("1\n2");
            List<Committable> lost = List.of(part(sink, 2, 0, 1, 3, 3));
            sink.discard(lost);
            assertThatThrownBy(() -> sink.commit(lost, of(THIRD, 3, false, true)))
                    .hasMessageContaining("SOL-2102");
            assertThat(file("out.json")).isEqualTo("1\n2");
        }
    }

    /** Its first commit, that of the checkpoint, was not repeated, for another master had taken over meanwhile. */
    @Test
    void aPublishedFileIsTheBeginningAlsoOfALaterCommit() throws Exception {
        for (boolean last : List.of(false, true)) {
            try (Sink sink = sink("out.json")) {
                sink.commit(List.of(part(sink, 1, 0, 1, 1, 1)), commit(1, 1, SinkKind.LAST));
                sink.commit(List.of(part(sink, SECOND + "-1", 2)), of(SECOND, 2, last, false));
                sink.commit(List.of(part(sink, SECOND + "-1", 3)), of(SECOND, 3, true, false));
            }
            assertThat(file("out.json")).isEqualTo("1\n2\n3");
        }
        assertThat(names()).containsExactly("out.json");
    }

    /** The job had one task and wrote one file; then it went on with several, from a checkpoint in the middle. */
    @Test
    void whatWasKeptForOneFileComesIntoTheDirectoryOfSeveralTasks() throws Exception {
        try (Sink sink = sink("out.json")) {
            sink.commit(List.of(part(sink, 1, 0, 1, 1, 1)), commit(1, 1, SinkKind.EPOCH));
            List<Committable> second = List.of(part(sink, 1, 0, 1, 2, 2));
            sink.commit(second, of(SECOND, 2, false, true));
            List<Committable> third = List.of(part(sink, 2, 0, 2, 3, 3), part(sink, 2, 1, 2, 3, 4));
            sink.commit(third, of(SECOND, 3, false, false));
            assertThat(numbers("out.json")).containsExactlyInAnyOrder("1", "2", "3", "4");
            // As if the commit had been cut short before the first kept part was in the directory.
            Path kept = Files.createDirectory(folder.resolve(".out.json.solstice-job-sink.kept"));
            Files.move(folder.resolve("out.json/part-00000.json"), kept.resolve("part-00000.json"));
            for (int times = 0; times < 2; times++) {
                sink.commit(third, of(SECOND, 3, false, false));
                assertThat(numbers("out.json")).containsExactlyInAnyOrder("1", "2", "3", "4");
            }
            Files.createDirectory(kept);
            Files.writeString(kept.resolve("part-00000.json"), "{\"a\":9}\n");
            assertThatThrownBy(() -> sink.commit(third, of(SECOND, 3, false, false)))
                    .as("nothing is written over")
                    .hasMessageContaining("SOL-2102");
            Files.delete(kept.resolve("part-00000.json"));
            sink.commit(List.of(part(sink, 2, 0, 2, 4, 5)), of(SECOND, 4, true, false));
        }
        assertThat(numbers("out.json")).containsExactlyInAnyOrder("1", "2", "3", "4", "5");
        assertThat(names()).containsExactly("out.json");
    }

    private List<String> numbers(String directory) throws Exception {
        List<String> numbers = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve(directory))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".json")).toList()) {
                numbers.addAll(
                        file(directory + "/" + file.getFileName()).lines().toList());
            }
        }
        return numbers;
    }
}
