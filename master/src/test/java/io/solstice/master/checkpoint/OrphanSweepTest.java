package io.solstice.master.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Random histories of one job id: submissions that begin anew or go on, in generations, with checkpoints that are given
 * up or completed, tasks that write late, masters that are killed between any two steps or live on as zombies.
 */
class OrphanSweepTest {
    private static final StageId STAGE = new StageId("count");
    private static final JobSpec SPEC = Specs.job("job", 1, Resources.NONE, "u");
    private static final int HISTORIES = 100;
    private static final int STEPS = 120;

    private static final class History {
        private final Random random;
        private final long seed;
        private final boolean tidy;
        private final int retained;
        private static final long TERM = 1;
        private final int gap;
        private final MemoryStore store = new MemoryStore();
        private final List<Submission> alive = new ArrayList<>();
        /** Those that never made an entry: nobody can tell that they will not. */
        private final Set<String> silent = new HashSet<>();

        private int requests;
        private int swept;

        /** A tidy one has no tasks that write after their submission is over, and nobody who deletes by hand. */
        History(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.tidy = seed % 2 == 0;
            this.retained = 1 + random.nextInt(6);
            this.gap = tidy ? CheckpointShelf.GAP : 2;
        }

        private final class Submission {
            private final JobSpec spec = new JobSpec(SPEC.graph(), SPEC.program(), "request-" + ++requests, "u");
            private final CheckpointLog log =
                    new CheckpointLog(store, SPEC.job(), "writer-" + requests, spec.requestId());
            private final String name = StatePlace.submission(spec.requestId());
            private final List<StatePlace> begun = new ArrayList<>();
            private List<StateObject> attempt = new ArrayList<>();
            private long generation = 1 + random.nextInt(3);
            private long epoch;
            private long after;
            /** What was completed is done with later, while the job goes on, but before it publishes again. */
            private long unswept;

            /** @param goesOn whether it begins with the newest checkpoint */
            Submission(boolean goesOn) {
                silent.add(name);
                long newest = log.newest(0);
                if (goesOn && newest > 0) {
                    after = newest;
                    epoch = log.entry(newest).epoch();
                }
                open();
            }

            private StatePlace place() {
                return new StatePlace(SPEC.job(), name, generation, epoch);
            }

            void open() {
                epoch++;
                attempt = new ArrayList<>();
                begun.add(place());
            }

            StateObject write(StatePlace place) {
                String key = place.key(Long.toHexString(random.nextLong()));
                ObjectRef written = store.putNew(key, new byte[] {1}).written();
                return new StateObject(STAGE, 0, key, written.size(), written.sha256());
            }

            void taskWrites() {
                attempt.add(write(place()));
            }

            /** A task of a checkpoint that was given up, or of an earlier generation. */
            void taskWritesLate() {
                write(begun.get(random.nextInt(begun.size())));
            }

            void beginsAgain() {
                generation++;
                open();
            }

            private Manifest manifest(boolean last) {
                long mixed = (spec.requestId().hashCode() * 31L + generation) * 0x9E3779B97F4A7C15L + epoch;
                mixed = (mixed + TERM) * 0x9E3779B97F4A7C15L;
                return new Manifest(
                        CheckpointId.of(1_000_000 + random.nextInt(9) * 1000L, (int) (mixed ^ mixed >>> 32)),
                        epoch,
                        new RunId(SPEC.job(), generation),
                        TERM,
                        1_000_000,
                        last,
                        128,
                        List.of(new Manifest.Stage(STAGE, StageRole.OPERATOR, "Count", 1)),
                        List.of(),
                        attempt,
                        List.of(),
                        List.of(),
                        Manifest.Count.NONE);
            }

            /** The master died between manifest and entry. */
            void leavesAManifest() {
                Manifest lost = manifest(false);
                store.putNew(log.manifestKey(lost.id().value()), ManifestJson.write(lost));
                beginsAgain();
            }

            boolean mayStillPublish() {
                return after == 0 || after == log.newest(0);
            }

            /** @return whether it goes on */
            boolean completes(boolean last) {
                sweep();
                Manifest manifest = manifest(last);
                if (!(log.publish(after, manifest) instanceof StoreAnswer.Published published)) {
                    return false;
                }
                after = published.number();
                unswept = after;
                silent.remove(name);
                open();
                return true;
            }

            void sweep() {
                if (unswept > 0) {
                    OrphanSweep sweep = new OrphanSweep(store, log, spec, gap);
                    swept += sweep.isDue(unswept) || random.nextInt(4) == 0 ? sweep.run(unswept) : 0;
                    verify();
                    new CheckpointShelf(store, log).retain(unswept, retained, 0);
                    verify();
                    unswept = 0;
                }
            }
        }

        /** Nothing that is needed, or is just being made, has gone. */
        private void verify() {
            for (StoredCheckpoint kept : CheckpointShelf.of(store, SPEC.job()).all()) {
                assertThere(kept.manifest().states(), "of " + kept.number());
            }
            alive.stream()
                    .filter(Submission::mayStillPublish)
                    .forEach(one -> assertThere(one.attempt, "of " + one.spec.requestId() + " in progress"));
        }

        private void assertThere(List<StateObject> states, String what) {
            assertThat(store.keys())
                    .as("seed %d: %s", seed, what)
                    .containsAll(states.stream().map(StateObject::key).toList());
        }

        private void step() {
            if (alive.isEmpty() || random.nextInt(25) == 0) {
                if (!alive.isEmpty() && (tidy || random.nextInt(4) == 0)) {
                    alive.remove(random.nextInt(alive.size()));
                }
                alive.add(new Submission(random.nextBoolean()));
                return;
            }
            Submission one = alive.get(random.nextInt(alive.size()));
            switch (random.nextInt(12)) {
                case 0 -> one.open();
                case 1 -> one.beginsAgain();
                case 2 -> one.taskWritesLate();
                case 3 -> one.leavesAManifest();
                case 4 -> deleteByHand();
                case 5, 6, 7 -> one.taskWrites();
                case 8, 9 -> one.sweep();
                default -> {
                    one.taskWrites();
                    if (!one.completes(false)) {
                        alive.remove(one);
                    }
                }
            }
        }

        private void deleteByHand() {
            List<StoredCheckpoint> all = CheckpointShelf.of(store, SPEC.job()).all();
            if (!tidy && all.size() > 1) {
                int first = 1 + random.nextInt(all.size() - 1);
                int end = Math.min(all.size(), first + 1 + random.nextInt(3));
                CheckpointShelf.of(store, SPEC.job())
                        .delete(all.subList(first, end).stream()
                                .map(StoredCheckpoint::id)
                                .toList());
            }
        }

        private void run() {
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            alive.clear();
            Submission end = new Submission(random.nextBoolean());
            alive.add(end);
            for (boolean last : List.of(false, true)) {
                end.taskWrites();
                assertThat(end.completes(last)).isTrue();
            }
            end.sweep();
            Set<String> kept = new HashSet<>();
            CheckpointShelf.of(store, SPEC.job())
                    .all()
                    .forEach(stored -> stored.manifest().states().forEach(state -> kept.add(state.key())));
            Set<String> left = store.keys().stream()
                    .flatMap(key -> StatePlace.of(key).stream())
                    .map(place -> place.submission())
                    .filter(name -> !silent.contains(name))
                    .collect(Collectors.toSet());
            store.keys().stream()
                    .filter(key -> StatePlace.of(key)
                            .filter(place -> tidy
                                    ? !silent.contains(place.submission())
                                    : place.submission().equals(end.name))
                            .isPresent())
                    .forEach(key ->
                            assertThat(kept).as("seed %d of %s", seed, left).contains(key));
        }
    }

    @Test
    void nothingThatIsNeededGoesAndNothingElseStays() {
        int swept = 0;
        for (long seed = 1; seed <= HISTORIES; seed++) {
            History history = new History(seed);
            history.run();
            swept += history.swept;
        }
        assertThat(swept).as("objects that were swept in all histories").isGreaterThan(10 * HISTORIES);
    }

    @Test
    void whatIsOlderThanAllThatWasLookedAtStays() {
        History history = new History(2);
        History.Submission job = history.new Submission(false);
        for (int i = 0; i < 5; i++) {
            job.taskWrites();
            job.completes(false);
            job.unswept = 0;
        }
        CheckpointShelf shelf = CheckpointShelf.of(history.store, SPEC.job());
        List<StoredCheckpoint> all = shelf.all();
        shelf.delete(all.subList(1, 4).stream().map(StoredCheckpoint::id).toList());
        StateObject lost = job.write(job.begun.get(4));
        assertThat(new OrphanSweep(history.store, job.log, job.spec, 2).run(5)).isEqualTo(1);
        assertThat(history.store.exists(lost.key())).isFalse();
        history.assertThere(all.get(4).manifest().states(), "that the search did not reach");
        history.assertThere(all.get(0).manifest().states(), "the newest");
    }
}
