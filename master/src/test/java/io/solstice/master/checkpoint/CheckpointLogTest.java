package io.solstice.master.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.StateObject;
import io.solstice.common.store.ObjectRef;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStores;
import io.solstice.master.job.Manifest;
import io.solstice.master.job.SourcePlan;
import io.solstice.master.job.StoreAnswer;
import io.solstice.master.job.StoreRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointLogTest {
    private static final JobId JOB = new JobId("job");
    private static final StageId SOURCE = new StageId("source");
    private static final long GENERATION = 3;
    private static final long TERM = 2;

    @TempDir
    private Path folder;

    private ObjectStore store;
    private CheckpointLog log;

    @BeforeEach
    void open() {
        store = ObjectStores.open(Map.of("type", "local", "base_path", folder.toString()));
        log = log("one");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private CheckpointLog log(String writer) {
        return new CheckpointLog(store, JOB, writer, "request");
    }

    private static Manifest manifest(int epoch, StateObject... states) {
        return new Manifest(
                CheckpointId.of(1_000_000, epoch),
                epoch,
                new RunId(JOB, GENERATION),
                TERM,
                1_000_000,
                false,
                128,
                List.of(new Manifest.Stage(SOURCE, StageRole.SOURCE, "FlightSource", 2)),
                List.of(new SourcePlan(
                        SOURCE,
                        3,
                        List.of(
                                SplitStart.fresh(Split.of(1, "place")),
                                new SplitStart(new Split("file", "{\"a\": 1}", 100), 7, 1_700_000_000_000_000L)))),
                List.of(states),
                List.of(new TaskId(JOB, SOURCE, 0)),
                List.of(new Committable(new StageId("sink"), 1, "sealed \"output\"")),
                new Manifest.Count(7, 2));
    }

    private StateObject state(String key) {
        ObjectRef written = store.putNew(key, new byte[] {1}).written();
        return new StateObject(SOURCE, 0, key, written.size(), written.sha256());
    }

    @Test
    void whatWasPublishedIsLoadedAsItWas() {
        Manifest first = manifest(1);
        Manifest second = manifest(2);
        assertThat(log.publish(0, first)).isEqualTo(new StoreAnswer.Published(1));
        log.mark(1, first);
        assertThat(log.publish(1, second)).isEqualTo(new StoreAnswer.Published(2));
        assertThat(log.publish(1, second)).as("once more").isEqualTo(new StoreAnswer.Published(2));
        assertThat(log("two").load("latest")).isEqualTo(new StoreAnswer.Loaded(2, false, second));
        assertThat(log("two").load(first.id().value())).isEqualTo(new StoreAnswer.Loaded(2, true, first));
    }

    @Test
    void anotherMasterTakesARunOver() {
        log.publish(0, manifest(1));
        log.mark(1, manifest(1));
        StoreRequest.Regain wanted = new StoreRequest.Regain(TERM + 1, GENERATION, "");
        assertThat(log("two").regain(wanted)).isEqualTo(new StoreAnswer.Loaded(2, true, manifest(1)));
        assertThat(log.publish(1, manifest(2))).as("the old master").isInstanceOf(StoreAnswer.Fenced.class);
        assertThat(log("two").publish(2, manifest(3))).isEqualTo(new StoreAnswer.Published(3));
        assertThat(CheckpointShelf.of(store, JOB).ids())
                .as("each is there once")
                .containsExactly(manifest(1).id().value(), manifest(3).id().value());
    }

    @Test
    void aMasterThatWasReplacedTakesNothingOver() {
        log.publish(0, manifest(1));
        StoreRequest.Regain late = new StoreRequest.Regain(TERM + 1, GENERATION, "");
        assertThat(log("three").regain(new StoreRequest.Regain(TERM + 2, GENERATION, "")))
                .isInstanceOf(StoreAnswer.Loaded.class);
        assertThat(log("two").regain(late)).isInstanceOf(StoreAnswer.Fenced.class);
        assertThat(log("three").publish(2, manifest(2))).isEqualTo(new StoreAnswer.Published(3));
    }

    /** Its run is over under the new master, and another one of the job has made the newest entry. */
    @Test
    void aMasterThatWasReplacedComesTooLateAlsoWhenALaterRunHasAddedToTheLog() {
        StoreRequest.Regain late = new StoreRequest.Regain(TERM + 1, GENERATION, "");
        log("three").regain(new StoreRequest.Regain(TERM + 2, GENERATION, ""));
        CheckpointLog later = new CheckpointLog(store, JOB, "three", "another request");
        assertThat(later.publish(0, manifest(4))).isEqualTo(new StoreAnswer.Published(2));
        assertThat(log.publish(0, manifest(1)))
                .as("its first")
                .isInstanceOfSatisfying(
                        StoreAnswer.Fenced.class,
                        fenced -> assertThat(fenced.error().what()).contains("another master"));
        assertThat(log("two").regain(late)).as("one in between").isInstanceOf(StoreAnswer.Fenced.class);
        assertThat(later.publish(2, manifest(5))).isEqualTo(new StoreAnswer.Published(3));
    }

    @Test
    void aRunWithoutACheckpointIsTakenOverToo() {
        StoreRequest.Regain wanted = new StoreRequest.Regain(TERM + 1, GENERATION, "");
        assertThat(log("two").regain(wanted)).isEqualTo(new StoreAnswer.Nothing(1));
        assertThat(log.publish(0, manifest(1))).as("the old master").isInstanceOf(StoreAnswer.Fenced.class);
        assertThat(log("three").regain(wanted)).isEqualTo(new StoreAnswer.Nothing(2));
        assertThat(log("three").publish(2, manifest(2))).isEqualTo(new StoreAnswer.Published(3));
        assertThat(log("four").load("latest")).isEqualTo(new StoreAnswer.Loaded(3, false, manifest(2)));
        assertThat(CheckpointShelf.of(store, JOB).ids())
                .containsExactly(manifest(2).id().value());
    }

    @Test
    void whatAnEarlierRunMadeIsNotTheRunsOwn() {
        log.publish(0, manifest(1));
        CheckpointLog next = new CheckpointLog(store, JOB, "two", "another request");
        assertThat(next.regain(new StoreRequest.Regain(TERM + 1, GENERATION + 1, "")))
                .isEqualTo(new StoreAnswer.Nothing(2));
        assertThat(next.regain(new StoreRequest.Regain(TERM + 1, GENERATION + 1, "latest")))
                .isEqualTo(new StoreAnswer.Loaded(3, false, manifest(1)));
    }

    @Test
    void whatWasEnteredAgainIsKeptAsLongAsItsNewestEntry() {
        log.publish(0, manifest(1));
        log("two").regain(new StoreRequest.Regain(TERM + 1, GENERATION, ""));
        for (int epoch = 2; epoch <= 5; epoch++) {
            assertThat(log("two").publish(epoch, manifest(epoch))).isInstanceOf(StoreAnswer.Published.class);
            CheckpointShelf.of(store, JOB).retain(epoch + 1, 3, 0);
            assertThat(CheckpointShelf.of(store, JOB).ids())
                    .hasSize(Math.min(epoch, 3))
                    .contains(manifest(epoch).id().value());
        }
    }

    @Test
    void whatWasEnteredAgainIsNotTooOldWhileItIsTheNewest() {
        log.publish(0, manifest(1));
        log("two").regain(new StoreRequest.Regain(TERM + 1, GENERATION, ""));
        CheckpointShelf.of(store, JOB).retain(2, 3, Long.MAX_VALUE);
        assertThat(CheckpointShelf.of(store, JOB).ids())
                .containsExactly(manifest(1).id().value());
    }

    @Test
    void whoIsOvertakenIsFenced() {
        log.publish(0, manifest(1));
        assertThat(log("two").publish(1, manifest(2))).isInstanceOf(StoreAnswer.Published.class);
        assertThat(log.publish(1, manifest(3))).isInstanceOfSatisfying(StoreAnswer.Fenced.class, fenced -> {
            assertThat(fenced.error().code()).isEqualTo(ErrorCode.CHECKPOINT_FENCED);
            assertThat(fenced.error().what()).contains(manifest(2).id().value());
        });
        assertThat(new CheckpointLog(store, JOB, "three", "another request").publish(0, manifest(4)))
                .as("a new run comes after all")
                .isEqualTo(new StoreAnswer.Published(3));
    }

    @Test
    void aFlippedByteAnywhereIsDamage() throws IOException {
        Manifest manifest = manifest(1);
        log.publish(0, manifest);
        for (String key : List.of(
                "job/log/000000000001.json", log.manifestKey(manifest.id().value()))) {
            Path file = folder.resolve(key);
            byte[] whole = Files.readAllBytes(file);
            for (int i = 0; i < whole.length; i++) {
                byte[] flipped = whole.clone();
                flipped[i] ^= 1;
                rewrite(file, flipped);
                assertDamaged(key + " at " + i);
            }
            rewrite(file, Arrays.copyOf(whole, whole.length / 2));
            assertDamaged(key + " torn");
            rewrite(file, whole);
        }
        assertThat(log.load("latest").manifest()).isEqualTo(manifest);
    }

    /** As releases before wrote it. */
    @Test
    void aManifestThatCountsNothingIsWhole() {
        String older = new String(ManifestJson.write(manifest(1)), StandardCharsets.UTF_8)
                .replace("\"completed_checkpoints\":7,\"failed_checkpoints\":2,", "");
        assertThat(older).doesNotContain("_checkpoints");
        assertThat(ManifestJson.read("key", older.getBytes(StandardCharsets.UTF_8))
                        .count())
                .isEqualTo(Manifest.Count.NONE);
    }

    private static void rewrite(Path file, byte[] bytes) throws IOException {
        Files.delete(file);
        Files.write(file, bytes);
    }

    private void assertDamaged(String what) {
        SolsticeException found = catchThrowableOfType(SolsticeException.class, () -> log.load("latest"));
        assertThat(found).as(what).isNotNull();
        assertThat(found.code()).as(what).isEqualTo(ErrorCode.OBJECT_DAMAGED);
        assertThat(found.error().help()).as(what).isNotEmpty();
    }

    @Test
    void deletingTakesWhatNoOtherNeedsAndNothingOfOtherJobs() {
        StateObject shared = state("job/state/3-1/source-0-a.arrow");
        StateObject own = state("job/state/3-1/source-0-b.arrow");
        StateObject foreign = state("other/state/1-1/source-0-a.arrow");
        Manifest first = manifest(1, shared, own, foreign);
        Manifest second = manifest(2, shared);
        log.publish(0, first);
        log.publish(1, second);
        CheckpointShelf shelf = new CheckpointShelf(store, log);
        shelf.delete(List.of(first.id()));
        assertThat(shelf.ids()).containsExactly(second.id().value());
        assertThat(store.exists(own.key())).isFalse();
        assertThat(store.exists(shared.key())).isTrue();
        assertThat(store.exists(foreign.key())).isTrue();
        SolsticeException gone = catchThrowableOfType(
                SolsticeException.class, () -> log.load(first.id().value()));
        assertThat(gone.code()).isEqualTo(ErrorCode.CHECKPOINT_UNKNOWN);
        assertThat(log.load("latest").manifest()).isEqualTo(second);
    }

    private static Manifest begun(int epoch, long millis, StateObject state) {
        Manifest any = manifest(epoch, state);
        return new Manifest(
                any.id(),
                epoch,
                any.run(),
                2,
                millis,
                false,
                128,
                any.stages(),
                any.sources(),
                any.states(),
                any.finished(),
                any.committables(),
                any.count());
    }

    @Test
    void oldOnesGoByNumberAndByAgeButNeverTheNewest() {
        StateObject shared = state("job/state/3-1/shared.arrow");
        for (int i = 1; i <= 6; i++) {
            log.publish(i - 1, begun(i, i * 1_000L, i == 3 ? state("job/state/3-1/third.arrow") : shared));
        }
        CheckpointShelf shelf = new CheckpointShelf(store, log);
        shelf.retain(6, 5, 0);
        assertThat(shelf.ids()).hasSize(5);
        shelf.retain(6, 5, 4_000);
        assertThat(shelf.all()).extracting(StoredCheckpoint::number).containsExactly(6L, 5L, 4L);
        assertThat(store.exists("job/state/3-1/third.arrow")).isFalse();
        assertThat(store.exists(shared.key())).isTrue();
        shelf.retain(6, 5, 1_000_000);
        assertThat(shelf.all()).extracting(StoredCheckpoint::number).containsExactly(6L);
        assertThat(store.exists(shared.key())).isTrue();
        log.publish(6, begun(7, 2_000_000, shared));
        shelf.retain(7, 5, 1_000_000);
        assertThat(shelf.all())
                .extracting(StoredCheckpoint::number)
                .as("beyond those that had gone")
                .containsExactly(7L);
    }
}
