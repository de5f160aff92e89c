package io.solstice.worker.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import io.solstice.common.loop.EventLoop;
import io.solstice.common.protocol.StateObject;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.TaskSnapshot;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.task.Cut;
import io.solstice.worker.task.OperatorState;
import io.solstice.worker.task.PieceLedger;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what the tasks of a run were like at their cuts, beside the tasks, and reports it. The thread that does so is
 * made for the first state, and lets others help if a task has several; a cut without state is reported as it is. What
 * one task does is reported in order, since the end of a task means that no cut of it is still to come.
 */
final class Snapshots implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
    private static final int WRITERS = 8;
    private static final long IDLE_SECONDS = 10;

    private final RunId run;
    private final StateStorage storage;
    private final Consumer<WorkerReport> reports;
    private final FutureTask<EventLoop> thread;
    private final FutureTask<ThreadPoolExecutor> writers;
    /** Tasks that are to end early: their states would only hold up those that come after them. */
    private final Set<TaskId> givenUp = ConcurrentHashMap.newKeySet();

    Snapshots(RunId run, StateStorage storage, Consumer<WorkerReport> reports) {
        this.run = run;
        this.storage = storage;
        this.reports = reports;
        this.thread = new FutureTask<>(() -> new EventLoop(
                "state of " + run, defect -> LOG.error("a defect while writing state of {}", run, defect)));
        this.writers = new FutureTask<>(Snapshots::newWriters);
    }

    /** A store takes several objects at once sooner than one after the other. */
    private static ThreadPoolExecutor newWriters() {
        ThreadPoolExecutor writers = new ThreadPoolExecutor(
                WRITERS, WRITERS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "state writer");
                    thread.setDaemon(true);
                    return thread;
                });
        writers.allowCoreThreadTimeOut(true);
        return writers;
    }

    /** Called by the task's thread, which goes on at once and leaves the states to this. */
    void taken(TaskId task, Cut cut) {
        if (!cut.states().isEmpty()) {
            thread.run();
        }
        inOrder(() -> reports.accept(written(task, cut)));
    }

    /** What a task was like is not wanted any more. Called by any thread. */
    void giveUp(TaskId task) {
        givenUp.add(task);
    }

    /** Called by the task's thread, last. */
    void ended(WorkerReport.TaskEnded report) {
        if (report.outcome() instanceof TaskOutcome.Finished) {
            inOrder(() -> reports.accept(report));
        } else {
            reports.accept(report);
        }
    }

    private void inOrder(Runnable report) {
        if (!thread.isDone()) {
            report.run();
            return;
        }
        try {
            thread.get().submit(report);
        } catch (ExecutionException | InterruptedException noThread) {
            report.run();
        }
    }

    private WorkerReport written(TaskId task, Cut cut) {
        List<CompletableFuture<StateObject>> writing = new ArrayList<>();
        try {
            long fresh = cut.states().stream()
                    .filter(state -> state.stored() == null)
                    .count();
            cut.states().forEach(state -> writing.add(writing(task, cut, state, fresh == 1)));
            List<StateObject> objects = new ArrayList<>();
            Map<PieceLedger, List<StateObject>> pieces = new IdentityHashMap<>();
            for (OperatorState state : cut.states()) {
                StateObject object = writing.get(objects.size()).join();
                objects.add(object);
                if (state.ledger() != null) {
                    pieces.computeIfAbsent(state.ledger(), none -> new ArrayList<>())
                            .add(object);
                }
            }
            pieces.forEach((ledger, stored) -> ledger.enter(cut.epoch(), stored));
            TaskSnapshot snapshot = new TaskSnapshot(task, cut.positions(), objects, cut.committables());
            return new WorkerReport.SnapshotTaken(run, cut.epoch(), snapshot);
        } catch (Throwable thrown) {
            Throwable failure =
                    thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
            LOG.debug("the state of {} could not be written", task, failure);
            return new WorkerReport.SnapshotFailed(
                    run,
                    cut.epoch(),
                    task,
                    cut.committables(),
                    SolsticeException.of(failure).error().within("task " + task));
        } finally {
            // Whatever has become of one of them, the others are read until they are written.
            writing.forEach(
                    each -> each.handle((object, failure) -> failure == null).join());
            cut.states().forEach(OperatorState::close);
        }
    }

    /** @param alone whether there is no other to write */
    private CompletableFuture<StateObject> writing(TaskId task, Cut cut, OperatorState state, boolean alone) {
        StateObject stored = state.stored();
        if (stored != null) {
            return CompletableFuture.completedFuture(stored);
        }
        return alone
                ? CompletableFuture.completedFuture(write(task, cut.epoch(), state))
                : CompletableFuture.supplyAsync(() -> write(task, cut.epoch(), state), writers());
    }

    private Executor writers() {
        writers.run();
        try {
            return writers.get();
        } catch (ExecutionException | InterruptedException noThreads) {
            return Runnable::run;
        }
    }

    private StateObject write(TaskId task, long epoch, OperatorState state) {
        Batch copy = Objects.requireNonNull(state.copy(), "neither stored nor to be written");
        return storage.write(task, epoch, state.stage(), copy, () -> requireWanted(task));
    }

    private void requireWanted(TaskId task) {
        if (givenUp.contains(task)) {
            throw ErrorCode.CHECKPOINT_FAILED
                    .error("the task was told to end before its state was written")
                    .toException();
        }
    }

    /** Waits for what is being written. The tasks have ended. */
    @Override
    public void close() {
        if (thread.isDone()) {
            try {
                thread.get().close();
            } catch (ExecutionException | InterruptedException noThread) {
                LOG.debug("there was no thread", noThread);
            }
        }
        if (writers.isDone()) {
            try {
                writers.get().shutdown();
            } catch (ExecutionException | InterruptedException noThreads) {
                LOG.debug("there were no threads", noThreads);
            }
        }
        storage.close();
    }
}
