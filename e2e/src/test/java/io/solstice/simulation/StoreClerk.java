package io.solstice.simulation;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.protocol.StatePlace;
import io.solstice.master.checkpoint.CheckpointDesk;
import io.solstice.master.checkpoint.CheckpointShelf;
import io.solstice.master.checkpoint.LogParts;
import io.solstice.master.checkpoint.StoredCheckpoint;
import io.solstice.master.cluster.JobView;
import io.solstice.master.cluster.KeptCheckpoints;
import io.solstice.master.cluster.MasterAction;
import io.solstice.master.job.Manifest;
import io.solstice.master.job.StoreAnswer;
import io.solstice.master.job.StoreRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does what the jobs of one master want from the store, with the real code, beside the master: for each job one thing
 * after the other. Every call of the store may take long; when the process ends meanwhile, the rest is never done.
 */
final class StoreClerk {
    private final World world;
    private final Machine machine;
    private final CheckpointDesk desk;
    private final BiConsumer<RunId, StoreAnswer> answers;
    private final Map<JobId, Deque<MasterAction.Store>> wanted = new HashMap<>();

    /** The process was killed while it waited for the store. */
    private static final class Gone extends Error {
        private static final long serialVersionUID = 1;

        Gone() {
            super("the process has ended", null, false, false);
        }
    }

    StoreClerk(World world, Machine machine, String writer, BiConsumer<RunId, StoreAnswer> answers) {
        this.world = world;
        this.machine = machine;
        this.answers = answers;
        this.desk = new CheckpointDesk(
                spec -> world.store(),
                writer,
                () -> world.timeline().now(),
                world.retention().maxAgeMillis(),
                spec -> world.sees(Sight.SWEEP),
                world.plant() == Plant.LOGS_ARE_CUT_TOO_SHORT
                        ? new LogParts(World.LOG_PARTS.length(), 0, 1)
                        : World.LOG_PARTS);
    }

    boolean isIdle() {
        return wanted.isEmpty();
    }

    /** A master that dies before the answer never hears it. */
    void asks(MasterAction.Store store) {
        if (store.request() instanceof StoreRequest.Publish publish) {
            world.archive().wanted(publish.manifest(), store.spec().requestId());
            if (world.plant() == Plant.PUBLISHES_BEFORE_IT_IS_CANONICAL) {
                answers.accept(store.run(), new StoreAnswer.Published(publish.after() + 1));
                return;
            }
        }
        JobId job = store.run().job();
        Deque<MasterAction.Store> queue = wanted.computeIfAbsent(job, none -> new ArrayDeque<>());
        queue.add(store);
        if (queue.size() == 1) {
            later(() -> serve(job, queue));
        }
    }

    private void later(Runnable what) {
        world.timeline().in(world.timeline().delay(1, 500), () -> machine.run(what));
    }

    private void serve(JobId job, Deque<MasterAction.Store> queue) {
        MasterAction.Store store = queue.element();
        StoreAnswer answer;
        try {
            answer = atTheStore(() -> answer(store));
        } catch (Gone gone) {
            world.sees(Sight.CUT_OFF_AT_THE_STORE);
            return;
        }
        world.timeline().tell(store.run() + " hears from the store: " + answer);
        later(() -> {
            queue.remove();
            if (queue.isEmpty()) {
                wanted.remove(job);
            } else {
                later(() -> serve(job, queue));
            }
            boolean lost = world.plant() == Plant.TROUBLE_WITH_THE_STORE_IS_KEPT_SECRET
                    && answer instanceof StoreAnswer.Undecided;
            if (answer != null && !lost) {
                answers.accept(store.run(), answer);
            }
        });
    }

    /** While something is done there, time passes, and others do what they do. */
    private <T> T atTheStore(Supplier<T> what) {
        return world.store().during(this::timePasses, what);
    }

    private void timePasses() {
        world.livesOn(machine);
        if (machine.isLost()) {
            throw new Gone();
        }
    }

    private @Nullable StoreAnswer answer(MasterAction.Store store) {
        StoreRequest request = store.request();
        if (request instanceof StoreRequest.Regain regain) {
            StoreAnswer answer = world.plant() == Plant.OLD_MASTERS_ARE_NOT_FENCED
                    ? new StoreAnswer.Regained(regain.term(), unfenced(store))
                    : desk.serve(store.spec(), regain);
            if (answer instanceof StoreAnswer.Regained) {
                world.archive().regained(store.spec().requestId(), regain.term());
            }
            return answer;
        } else if (request instanceof StoreRequest.Retain retain) {
            retain(store, retain);
            return null;
        } else if (request instanceof StoreRequest.Publish publish && world.plant() == Plant.NUMBERS_ARE_USED_AGAIN) {
            Manifest renumbered = renumbered(publish.manifest());
            world.archive().wanted(renumbered, store.spec().requestId());
            return desk.serve(store.spec(), new StoreRequest.Publish(publish.after(), renumbered));
        }
        return desk.serve(store.spec(), request);
    }

    private StoreAnswer unfenced(MasterAction.Store store) {
        StoreAnswer newest = Objects.requireNonNull(desk.serve(store.spec(), new StoreRequest.Load("latest")));
        return newest instanceof StoreAnswer.NotLoaded ? new StoreAnswer.Nothing(0) : newest;
    }

    private static Manifest renumbered(Manifest manifest) {
        return new Manifest(
                manifest.id(),
                Math.max(1, manifest.epoch() - 1),
                manifest.run(),
                manifest.term(),
                manifest.millis(),
                manifest.last(),
                manifest.keyGroups(),
                manifest.stages(),
                manifest.sources(),
                manifest.states(),
                manifest.finished(),
                manifest.committables(),
                manifest.count());
    }

    private void retain(MasterAction.Store store, StoreRequest.Retain retain) {
        if (world.plant() == Plant.WHAT_NO_CHECKPOINT_NAMES_IS_DELETED) {
            deleteUnnamed(store);
        } else if (world.plant() == Plant.NEWEST_CHECKPOINT_IS_DELETED) {
            deleteNewest(store);
        } else {
            desk.serve(store.spec(), retain);
        }
    }

    /** Without regard to those who are writing. */
    private void deleteUnnamed(MasterAction.Store store) {
        try {
            Set<String> named = new HashSet<>();
            desk.ask(store.spec(), CheckpointShelf::all)
                    .forEach(kept -> kept.manifest().states().forEach(state -> named.add(state.key())));
            world.store().list(StatePlace.folderOf(store.run().job()), "", Integer.MAX_VALUE).stream()
                    .filter(key -> !named.contains(key))
                    .forEach(world.store()::delete);
        } catch (SolsticeException failed) {
            // another time
        }
    }

    private void deleteNewest(MasterAction.Store store) {
        try {
            desk.ask(store.spec(), shelf -> {
                shelf.delete(
                        shelf.all().stream().limit(1).map(StoredCheckpoint::id).toList());
                return shelf;
            });
        } catch (SolsticeException failed) {
            // another time
        }
    }

    /** A person deletes all checkpoints of a job but the newest few. */
    void delete(JobView job, int keepLast) {
        later(() -> {
            try {
                atTheStore(() -> desk.ask(job.spec(), shelf -> {
                    List<StoredCheckpoint> stored = shelf.all();
                    List<CheckpointId> gone = KeptCheckpoints.allBut(keepLast, KeptCheckpoints.by(job, stored), stored);
                    world.archive().chosen(gone);
                    world.timeline().tell("a person deletes " + gone);
                    shelf.delete(gone);
                    return gone;
                }));
            } catch (SolsticeException failed) {
                world.timeline().tell("checkpoints could not be deleted: " + failed.getMessage());
            } catch (Gone gone) {
                world.sees(Sight.CUT_OFF_AT_THE_STORE);
            }
        });
    }
}
