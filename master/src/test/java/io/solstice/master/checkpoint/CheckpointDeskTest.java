package io.solstice.master.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.Resources;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.StateObject;
import io.solstice.common.protocol.StatePlace;
import io.solstice.common.store.ObjectRef;
import io.solstice.master.cluster.Specs;
import io.solstice.master.job.Manifest;
import io.solstice.master.job.StoreAnswer;
import io.solstice.master.job.StoreRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointDeskTest {
    private static final JobSpec SPEC = Specs.job("job", 1, Resources.NONE, "u");
    private static final StageId STAGE = new StageId("count");
    private static final int CHECKPOINTS = 5;
    private static final LogParts PARTS = new LogParts(10, 3, 2);

    /** Deletes so many objects, and no more. */
    private static final class Tiring extends MemoryStore {
        private int strength = Integer.MAX_VALUE;

        @Override
        public void delete(String key) {
            if (strength-- == 0) {
                throw ErrorCode.STORE_UNREACHABLE.error("no answer").toException();
            }
            super.delete(key);
        }

        List<String> states() {
            return keys().stream().filter(key -> StatePlace.of(key).isPresent()).toList();
        }
    }

    private final Tiring store = new Tiring();
    private final CheckpointDesk desk = desk("first");

    private CheckpointDesk desk(String writer) {
        return new CheckpointDesk(spec -> store, writer, () -> 0, 0, spec -> {}, PARTS);
    }

    private Manifest manifest(long epoch) {
        StatePlace place = new StatePlace(SPEC.job(), StatePlace.submission(SPEC.requestId()), 1, epoch);
        ObjectRef written = store.putNew(place.key("a.arrow"), new byte[] {1}).written();
        return new Manifest(
                CheckpointId.of(1_000_000, (int) epoch),
                epoch,
                new RunId(SPEC.job(), 1),
                1,
                1_000_000,
                false,
                128,
                List.of(new Manifest.Stage(STAGE, StageRole.OPERATOR, "Count", 1)),
                List.of(),
                List.of(new StateObject(STAGE, 0, written.key(), written.size(), written.sha256())),
                List.of(),
                List.of(),
                Manifest.Count.NONE);
    }

    private void publish(long after) {
        assertThat(desk.serve(SPEC, new StoreRequest.Publish(after, manifest(after + 1))))
                .isEqualTo(new StoreAnswer.Published(after + 1));
    }

    private void assertAllListedAreWhole() {
        desk.ask(SPEC, CheckpointShelf::all)
                .forEach(stored -> stored.manifest()
                        .states()
                        .forEach(state -> assertThat(store.keys())
                                .as("of %s", stored.number())
                                .contains(state.key())));
    }

    /** Seeds 77 and 2116 of the simulation left checkpoints without their states. */
    @Test
    void whatIsListedIsWholeWhereverADeletionIsCutOff() {
        for (int strength = 0; strength < 2 * (CHECKPOINTS - 1); strength++) {
            store.keys().clear();
            for (int i = 0; i < CHECKPOINTS; i++) {
                publish(i);
            }
            store.strength = strength;
            desk.serve(SPEC, new StoreRequest.Retain(CHECKPOINTS, 1));
            store.strength = Integer.MAX_VALUE;
            assertAllListedAreWhole();
            publish(CHECKPOINTS);
            desk.serve(SPEC, new StoreRequest.Retain(CHECKPOINTS + 1, 1));
            assertThat(store.states()).as("after %s deletions", strength).hasSize(1);
            assertThat(desk.ask(SPEC, CheckpointShelf::ids)).hasSize(1);
        }
    }

    @Test
    void whatAPersonsDeletionLeavesGoesWithTheNextCheckpoint() {
        for (int i = 0; i < CHECKPOINTS; i++) {
            publish(i);
            desk.serve(SPEC, new StoreRequest.Retain(i + 1, CHECKPOINTS));
        }
        store.strength = 1;
        assertThatThrownBy(() -> desk.ask(SPEC, shelf -> {
                    shelf.delete(List.of(shelf.all().get(2).id()));
                    return shelf;
                }))
                .isInstanceOf(SolsticeException.class);
        store.strength = Integer.MAX_VALUE;
        assertAllListedAreWhole();
        assertThat(store.states()).hasSize(CHECKPOINTS);
        publish(CHECKPOINTS);
        desk.serve(SPEC, new StoreRequest.Retain(CHECKPOINTS + 1, CHECKPOINTS + 1));
        assertThat(store.states()).hasSize(CHECKPOINTS);
        assertAllListedAreWhole();
    }
}
