package io.solstice.master.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.RunId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.master.cluster.Specs;
import io.solstice.master.job.Move;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalJournalTest {
    private static final JobSpec SPEC = Specs.job("orders", 2, new Resources(0.5, 1, 1 << 20), "ann");
    private static final RunId RUN = new RunId(SPEC.job(), 1);

    @TempDir
    Path folder;

    private static List<JournalEntry> life() {
        Move failing = new Move(
                JobState.FAILING,
                ErrorCode.COMMIT_FAILED.error("what \u00e9").where("where").cause("why"));
        return List.of(
                new JournalEntry.TermBegun(10, 1, "test"),
                new JournalEntry.JobAccepted(11, RUN, SPEC),
                moved(JobState.PREPARING),
                moved(JobState.SCHEDULING),
                moved(JobState.DEPLOYING),
                moved(JobState.RUNNING),
                moved(JobState.RESTARTING),
                new JournalEntry.JobRestarted(13, RUN, 2),
                moved(JobState.SCHEDULING),
                moved(JobState.DEPLOYING),
                moved(JobState.RUNNING),
                moved(JobState.COMMITTING),
                new JournalEntry.JobMoved(14, RUN, failing),
                new JournalEntry.JobMoved(15, RUN, new Move(JobState.FAILED, failing.error())));
    }

    private static JournalEntry moved(JobState state) {
        return new JournalEntry.JobMoved(12, RUN, new Move(state, null));
    }

    private List<JournalEntry> reread() {
        try (LocalJournal journal = LocalJournal.open(folder)) {
            return journal.read();
        }
    }

    private void write(List<JournalEntry> entries) {
        try (LocalJournal journal = LocalJournal.open(folder)) {
            journal.read();
            entries.forEach(entry -> journal.append(List.of(entry)));
        }
    }

    @Test
    void givesBackWhatWasWritten() {
        write(life());
        assertThat(reread()).isEqualTo(life());
        assertThat(reread()).isEqualTo(life());
    }

    @Test
    void severalEntriesAreOneFile() throws IOException {
        try (LocalJournal journal = LocalJournal.open(folder)) {
            assertThat(journal.read()).isEmpty();
            journal.append(life());
        }
        assertThat(files()).hasSize(1);
        assertThat(reread()).isEqualTo(life());
    }

    @Test
    void goesOnWhereTheLastMasterEnded() {
        write(life().subList(0, 3));
        write(life().subList(3, life().size()));
        assertThat(reread()).isEqualTo(life());
    }

    @Test
    void sumsItselfUp() throws IOException {
        try (LocalJournal journal = LocalJournal.open(folder, 20)) {
            journal.read();
            for (long term = 1; term <= 50; term++) {
                journal.append(List.of(new JournalEntry.TermBegun(term, term, "test")));
            }
            journal.append(List.of(new JournalEntry.JobAccepted(5, RUN, SPEC)));
        }
        assertThat(files()).hasSizeLessThan(22);
        JournaledState state = JournaledState.replay(reread());
        assertThat(state.term()).isEqualTo(50);
        assertThat(state.jobs()).containsKey(RUN);
        assertThat(JournaledState.replay(List.of(state.summary(0)))).isEqualTo(state);
    }

    @Test
    void whatWasOnlyBegunWhenTheMachineFailedIsNotThere() throws IOException {
        write(life());
        Files.write(folder.resolve("draft"), new byte[] {'S', 'O'});
        assertThat(reread()).isEqualTo(life());
        write(List.of(new JournalEntry.JobForgotten(20, RUN)));
        assertThat(reread()).hasSize(life().size() + 1);
    }

    @Test
    void everyDamagedByteIsNoticed() throws IOException {
        write(life());
        for (Path file : files()) {
            byte[] whole = Files.readAllBytes(file);
            for (int at = 0; at < whole.length; at += 7) {
                byte[] bent = whole.clone();
                bent[at] ^= 0x10;
                Files.write(file, bent);
                assertThatThrownBy(this::reread).as("%s, byte %s", file, at).satisfies(LocalJournalTest::isDamage);
            }
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 3));
            assertThatThrownBy(this::reread).satisfies(LocalJournalTest::isDamage);
            Files.write(file, whole);
        }
        assertThat(reread()).isEqualTo(life());
    }

    private static void isDamage(Throwable thrown) {
        assertThat(((SolsticeException) thrown).code()).isEqualTo(ErrorCode.JOURNAL_DAMAGED);
        assertThat(((SolsticeException) thrown).error().where()).isNotEmpty();
    }

    @Test
    void aMissingFileIsNoticed() throws IOException {
        write(life());
        Files.delete(files().get(4));
        assertThatThrownBy(this::reread).satisfies(LocalJournalTest::isDamage);
    }

    @Test
    void aSecondMasterIsRefused() {
        try (LocalJournal first = LocalJournal.open(folder)) {
            first.read();
            assertThatThrownBy(() -> LocalJournal.open(folder)).hasMessageContaining("another master is using");
        }
        assertThat(reread()).isEmpty();
    }

    @Test
    void aMasterThatSomebodyOvertookCannotWrite() throws IOException {
        try (LocalJournal journal = LocalJournal.open(folder)) {
            journal.read();
            journal.append(life().subList(0, 1));
            Files.createFile(folder.resolve("0000000000000000002.entries"));
            assertThatThrownBy(() -> journal.append(life().subList(1, 2)))
                    .isInstanceOf(SolsticeException.class)
                    .hasMessageContaining("another master writes");
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".entries"))
                    .sorted()
                    .toList();
        }
    }
}
