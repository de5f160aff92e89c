package io.solstice.worker.task;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.TaskTime;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfSide;
import io.solstice.exchange.batch.Idle;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running instance of a chain of stages. Everything in it is touched by its own thread alone; others wake it, ask it
 * to cancel, or order a cut. {@link #step} does a small piece of work, so that a test can also drive many tasks on one
 * thread.
 *
 * <p>A cut is taken when a barrier comes over all roads in, or, in a task that reads a source, as soon as an order for
 * one is seen; in both cases between two elements, when nothing is pending in the chain or waits before a road out.
 */
public final class Task implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Task.class);

    private static final long LEAST_SLEEP_NANOS = 1_000_000;

    private final TaskId id;
    private final Parts parts;
    private final Waker waker;
    private final Listener listener;
    private final AtomicReference<@Nullable CutOrder> ordered = new AtomicReference<>();
    private OperatorChain chain = new OperatorChain(List.of(), new Roads(List.of()));
    private TaskInput input = NoInput.INSTANCE;
    private TaskOutput output = new Roads(List.of());
    private Phase phase = Phase.RUNNING;
    private long newestCut;
    private final AtomicLong watermarked = new AtomicLong(SplitStart.NO_TIME);
    private volatile boolean idle;
    private volatile boolean cancelled;
    private volatile boolean again;

    private enum Phase {
        RUNNING,
        /** After the last cut: nothing more is read, and the task stays until it is cancelled. */
        HALTED,
        FINISHING,
        FLUSHING
    }

    private record CutOrder(Barrier barrier, boolean last) {}

    /** Told on the task's thread what comes of it. */
    public interface Listener {
        void cut(Cut cut);

        /** After everything has been closed. */
        void ended(TaskOutcome outcome);
    }

    /** Builds what the task is made of, on the task's own thread, since opening sources and sinks may take long. */
    public interface Parts {
        List<ChainLink> operators() throws Exception;

        TaskInput input() throws Exception;

        TaskOutput output() throws Exception;

        /** Closes what was made and never became part of an input or output. */
        void close() throws Exception;
    }

    public Task(TaskId id, Parts parts, Waker waker, Listener listener) {
        this.id = id;
        this.parts = parts;
        this.waker = waker;
        this.listener = listener;
    }

    public TaskId id() {
        return id;
    }

    /** Asks the task to end; called by any thread. */
    public void cancel() {
        cancelled = true;
        waker.wake();
    }

    /** Asks it to end since it is to begin again, here or elsewhere; called by any thread. */
    public void cancelToBeginAgain() {
        again = true;
        cancel();
    }

    /**
     * Orders a cut of a task that reads a source; called by any thread. Of several orders only the newest counts.
     *
     * @param last nothing more is read after it
     */
    public void checkpoint(Barrier barrier, boolean last) {
        CutOrder order = new CutOrder(barrier, last);
        ordered.updateAndGet(known -> known == null || known.barrier().epoch() <= barrier.epoch() ? order : known);
        waker.wake();
    }

    /** Called by any thread when there may be something to do. */
    public void wake() {
        waker.wake();
    }

    /** How far event time has come; called by any thread. */
    public TaskTime time() {
        return input.time(watermarked.getOpaque(), idle);
    }

    @Override
    public void run() {
        TaskOutcome outcome;
        try {
            open();
            Progress progress = Progress.MADE;
            while (!cancelled && progress != Progress.DONE) {
                progress = step();
                if (progress == Progress.BLOCKED) {
                    waker.sleep(Math.min(Math.min(input.dueNanos(), chain.dueNanos()), outputDueNanos()));
                }
            }
            outcome = progress == Progress.DONE ? finished() : new TaskOutcome.Cancelled();
        } catch (Throwable failure) {
            outcome = failed(failure);
        }
        listener.ended(close(outcome));
    }

    /** Not at once, even if it is due, since it may be room that is missing. */
    private long outputDueNanos() {
        return Math.max(LEAST_SLEEP_NANOS, output.dueNanos());
    }

    /** After {@link #step} has said {@link Progress#DONE}. */
    TaskOutcome finished() {
        return new TaskOutcome.Finished(output.sealed());
    }

    void open() throws Exception {
        output = parts.output();
        chain = new OperatorChain(parts.operators(), output);
        chain.open();
        input = parts.input();
    }

    Progress step() throws Exception {
        if (!output.isFlushed()) {
            return Progress.BLOCKED;
        }
        if (phase == Phase.FLUSHING) {
            return Progress.DONE;
        }
        // A barrier needs no room.
        if (phase != Phase.FINISHING && !chain.hasPending() && tookOrderedCut()) {
            return Progress.MADE;
        }
        if (!output.hasRoom()) {
            return Progress.BLOCKED;
        }
        if (output.dueNanos() <= 0) {
            output.onClock();
            return Progress.MADE;
        }
        if (chain.drainOne()) {
            followTime();
            return Progress.MADE;
        }
        return switch (phase) {
            case RUNNING -> pollInput();
            case FINISHING -> {
                if (!chain.finishOne()) {
                    output.end();
                    phase = Phase.FLUSHING;
                }
                yield Progress.MADE;
            }
            case HALTED, FLUSHING -> Progress.BLOCKED;
        };
    }

    private Progress pollInput() throws Exception {
        if (chain.onClock()) {
            followTime();
            return Progress.MADE;
        }
        StreamElement element = input.poll();
        if (element == null) {
            return Progress.BLOCKED;
        }
        take(element);
        return Progress.MADE;
    }

    private void take(StreamElement element) throws Exception {
        if (element instanceof Batch batch) {
            chain.take(input.side(), batch);
        } else if (element instanceof Watermark watermark) {
            chain.watermark(watermark);
            watermarked.setOpaque(watermark.micros());
            idle = false;
            followTime();
        } else if (element instanceof Idle) {
            chain.idle();
            idle = true;
            followTime();
        } else if (element instanceof Barrier barrier) {
            cut(barrier);
        } else if (element instanceof EndOfSide end) {
            chain.endOfSide(end.input());
        } else {
            phase = Phase.FINISHING;
        }
    }

    /** What an operator says of event time counts, if one does. */
    private void followTime() {
        if (chain.keepsTime()) {
            watermarked.setOpaque(chain.time());
            idle = chain.isIdle();
        }
    }

    private boolean tookOrderedCut() throws Exception {
        CutOrder order = ordered.get();
        if (order == null || order.barrier().epoch() <= newestCut) {
            return false;
        }
        cut(order.barrier());
        phase = order.last() ? Phase.HALTED : Phase.RUNNING;
        return true;
    }

    /** The chain is drained, and nothing waits before a road out. */
    private void cut(Barrier barrier) throws Exception {
        newestCut = barrier.epoch();
        SourcePosition position = input.position();
        List<OperatorState> states = new ArrayList<>();
        List<Committable> sealed;
        try {
            chain.copyStates(barrier, states::add);
            sealed = output.barrier(barrier);
        } catch (Throwable failure) {
            states.forEach(OperatorState::close);
            throw failure;
        }
        listener.cut(new Cut(barrier.epoch(), position == null ? List.of() : List.of(position), states, sealed));
    }

    private TaskOutcome failed(Throwable failure) {
        String split = input.place();
        SolsticeException located = UserFailure.located(failure, "stage '" + id.stage() + "', task " + id.index());
        if (!split.isEmpty()) {
            located = located.error()
                    .where(located.error().where() + ", reading " + split)
                    .toException(failure);
        }
        LOG.debug("task {} failed", id, failure);
        return new TaskOutcome.Failed(located.within("job '" + id.job() + "'").error());
    }

    /** Closes everything; a failure to close is a failure of the task, unless it had failed before. */
    public TaskOutcome close(TaskOutcome soFar) {
        TaskOutcome outcome = soFar;
        boolean leaves = again || soFar instanceof TaskOutcome.Failed;
        UserFailure.Code leave = leaves ? chain::leave : () -> {};
        for (UserFailure.Code part :
                List.<UserFailure.Code>of(input::close, parts::close, leave, chain::close, output::close)) {
            try {
                part.run();
            } catch (Throwable failure) {
                LOG.debug("task {} could not close", id, failure);
                if (outcome instanceof TaskOutcome.Finished) {
                    outcome = failed(failure);
                }
            }
        }
        return outcome;
    }

    /** Before the parts are built. */
    private enum NoInput implements TaskInput {
        INSTANCE;

        @Override
        public StreamElement poll() {
            throw new IllegalStateException("the task is not open");
        }

        @Override
        public void close() {}
    }
}
