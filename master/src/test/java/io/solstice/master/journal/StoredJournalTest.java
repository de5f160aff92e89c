package io.solstice.master.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.RunId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStores;
import io.solstice.master.cluster.Specs;
import io.solstice.master.job.Move;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredJournalTest {
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

    @SuppressWarnings("NullAway.Init")
    private ObjectStore store;

    @BeforeEach
    void openStore() {
        store = ObjectStores.open(Map.of("type", "local", "base_path", folder.toString()));
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private StoredJournal journal() {
        return new StoredJournal(store, folder.toString(), () -> true);
    }

    private List<JournalEntry> reread() {
        return journal().read();
    }

    private void write(List<JournalEntry> entries) {
        StoredJournal journal = journal();
        journal.read();
        entries.forEach(entry -> journal.append(List.of(entry)));
    }

    private static JournalEntry term(long number) {
        return new JournalEntry.TermBegun(number, number, "test");
    }

    @Test
    void givesBackWhatWasWritten() {
        write(life());
        assertThat(reread()).isEqualTo(life());
        assertThat(reread()).isEqualTo(life());
    }

    @Test
    void severalEntriesAreOneObject() throws IOException {
        StoredJournal journal = journal();
        assertThat(journal.read()).isEmpty();
        journal.append(life());
        assertThat(files()).as("the reader's own, and that with the entries").hasSize(2);
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
        StoredJournal journal = new StoredJournal(store, "here", () -> true, 20);
        journal.read();
        for (long number = 1; number <= 50; number++) {
            journal.append(List.of(term(number)));
        }
        journal.append(List.of(new JournalEntry.JobAccepted(5, RUN, SPEC)));
        assertThat(files()).hasSizeLessThan(22);
        JournaledState state = JournaledState.replay(reread());
        assertThat(state.term()).isEqualTo(50);
        assertThat(state.jobs()).containsKey(RUN);
        assertThat(JournaledState.replay(List.of(state.summary(0)))).isEqualTo(state);
        assertThat(JournaledState.replay(reread())).isEqualTo(state);
    }

    @Test
    void whatWasOnlyBegunWhenTheMachineFailedIsNotThere() throws IOException {
        write(life());
        Files.write(folder.resolve("entries/.new-1"), new byte[] {'S', 'O'});
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
                assertThatThrownBy(this::reread).as("%s, byte %s", file, at).satisfies(StoredJournalTest::isDamage);
            }
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 3));
            assertThatThrownBy(this::reread).satisfies(StoredJournalTest::isDamage);
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
        assertThatThrownBy(this::reread).satisfies(StoredJournalTest::isDamage);
    }

    @Test
    void aMissingOneIsNoticedEachTime() throws IOException {
        write(life());
        Files.delete(files().get(files().size() - 2));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(this::reread).satisfies(StoredJournalTest::isDamage);
        }
    }

    @Test
    void whoReadsItLastWritesIt() {
        StoredJournal first = journal();
        first.read();
        first.append(life().subList(0, 1));
        StoredJournal second = journal();
        assertThat(second.read()).isEqualTo(life().subList(0, 1));
        assertThatThrownBy(() -> first.append(life().subList(1, 2)))
                .isInstanceOf(SolsticeException.class)
                .hasMessageContaining("another master writes");
        second.append(life().subList(1, 3));
        assertThat(reread()).isEqualTo(life().subList(0, 3));
    }

    /** The number that it would write next was written, summed up and deleted while it slept. */
    @Test
    void aSleeperCannotTakeANumberThatIsFreeAgain() {
        StoredJournal sleeper = journal();
        sleeper.read();
        sleeper.append(List.of(term(1)));
        StoredJournal next = new StoredJournal(store, "here", () -> true, 5);
        next.read();
        for (long number = 2; number < 30; number++) {
            next.append(List.of(term(number)));
        }
        assertThatThrownBy(() -> sleeper.append(List.of(term(2))))
                .isInstanceOf(SolsticeException.class)
                .hasMessageContaining("another master writes");
        next.append(List.of(term(30)));
        assertThat(JournaledState.replay(reread()).term()).isEqualTo(30);
    }

    @Test
    void nothingIsDoneAnyMoreWhenTheLeaseIsOver() throws Exception {
        AtomicBoolean leads = new AtomicBoolean(true);
        StoredJournal journal = new StoredJournal(store, "here", leads::get);
        journal.read();
        CompletableFuture<SolsticeException> failed = new CompletableFuture<>();
        List<String> done = new CopyOnWriteArrayList<>();
        try (JournalWriter writer = new JournalWriter(journal, failed::complete)) {
            CountDownLatch first = new CountDownLatch(1);
            writer.write(List.of(term(1)), () -> done.add("first"));
            writer.write(List.of(), first::countDown);
            first.await();
            leads.set(false);
            writer.write(List.of(), () -> done.add("second"));
            assertThat(failed.get().code()).isEqualTo(ErrorCode.JOURNAL_FAILED);
        }
        assertThat(done).containsExactly("first");
    }

    @Test
    void manyMastersInTurn() {
        for (long number = 1; number < 60; number++) {
            StoredJournal journal = new StoredJournal(store, "here", () -> true, 7);
            assertThat(JournaledState.replay(journal.read()).term()).isEqualTo(number - 1);
            journal.append(List.of(term(number)));
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("entries"))) {
            return all.filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}
