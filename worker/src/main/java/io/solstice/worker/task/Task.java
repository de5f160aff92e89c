package io.solstice.worker.task;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running instance of a chain of stages. Everything in it is touched by its own thread alone; others wake it, or
 * ask it to cancel. {@link #step} does a small piece of work, so that a test can also drive many tasks on one thread.
 */
public final class Task implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Task.class);

    private final TaskId id;
    private final Parts parts;
    private final Waker waker;
    private final Consumer<TaskOutcome> onEnd;
    private OperatorChain chain = new OperatorChain(List.of(), new Roads(List.of()));
    private TaskInput input = NoInput.INSTANCE;
    private TaskOutput output = new Roads(List.of());
    private Phase phase = Phase.RUNNING;
    private volatile boolean cancelled;

    private enum Phase {
        RUNNING,
        FINISHING,
        FLUSHING
    }

    /** Builds what the task is made of, on the task's own thread, since opening sources and sinks may take long. */
    public interface Parts {
        List<ChainLink> operators() throws Exception;

        TaskInput input() throws Exception;

        TaskOutput output() throws Exception;

        /** Closes what was made and never became part of an input or output. */
        void close() throws Exception;
    }

    /** @param onEnd told the outcome, on the task's thread, after everything has been closed */
    public Task(TaskId id, Parts parts, Waker waker, Consumer<TaskOutcome> onEnd) {
        this.id = id;
        this.parts = parts;
        this.waker = waker;
        this.onEnd = onEnd;
    }

    public TaskId id() {
        return id;
    }

    /** Asks the task to end; called by any thread. */
    public void cancel() {
        cancelled = true;
        waker.wake();
    }

    /** Called by any thread when there may be something to do. */
    public void wake() {
        waker.wake();
    }

    /** Bytes that wait for room downstream; called by any thread. */
    public long waitingBytes() {
        return output.waitingBytes();
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
                    waker.sleep();
                }
            }
            outcome =
                    progress == Progress.DONE ? new TaskOutcome.Finished(output.sealed()) : new TaskOutcome.Cancelled();
        } catch (Throwable failure) {
            outcome = failed(failure);
        }
        onEnd.accept(close(outcome));
    }

    void open() throws Exception {
        output = parts.output();
        chain = new OperatorChain(parts.operators(), output);
        chain.open();
        input = parts.input();
    }

    Progress step() throws Exception {
        if (!output.hasRoom()) {
            return Progress.BLOCKED;
        }
        if (chain.drainOne()) {
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
            case FLUSHING -> output.isFlushed() ? Progress.DONE : Progress.BLOCKED;
        };
    }

    private Progress pollInput() throws Exception {
        StreamElement element = input.poll();
        if (element == null) {
            return Progress.BLOCKED;
        }
        if (element instanceof Batch batch) {
            chain.take(batch);
        } else if (element instanceof Watermark watermark) {
            chain.watermark(watermark);
        } else {
            phase = Phase.FINISHING;
        }
        return Progress.MADE;
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
        for (UserFailure.Code part :
                List.<UserFailure.Code>of(input::close, parts::close, chain::close, output::close)) {
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
