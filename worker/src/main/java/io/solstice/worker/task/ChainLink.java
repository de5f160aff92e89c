package io.solstice.worker.task;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import io.solstice.spi.Timed;
import io.solstice.spi.Timekeeper;
import io.solstice.spi.TwoInputs;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One operator of a chain, which may do the work of several stages, and what it has yet to hand on. */
public final class ChainLink {
    private final BatchOperator operator;
    /** The same, if the clock matters to it. */
    private final @Nullable Timed timed;
    /** The same, if it says itself how far event time has come. */
    private final @Nullable Timekeeper timekeeper;
    /** The same, if it has two inputs. */
    private final @Nullable TwoInputs joining;

    private final OperatorContext context;
    private final OperatorMemory memory;
    private final List<StageCounters> stages;
    private final ArrayDeque<Iterator<Batch>> pending = new ArrayDeque<>();
    /** Whether it has all that it began with. */
    private boolean restored;

    /** @param stages the counters of the stages whose work the operator does, in order */
    public ChainLink(
            BatchOperator operator, OperatorContext context, OperatorMemory memory, List<StageCounters> stages) {
        this.operator = operator;
        this.timed = operator instanceof Timed clocked ? clocked : null;
        this.timekeeper = operator instanceof Timekeeper keeper ? keeper : null;
        this.joining = operator instanceof TwoInputs two ? two : null;
        this.context = context;
        this.memory = memory;
        this.stages = List.copyOf(stages);
    }

    /** Takes over batches from the link before. */
    @FunctionalInterface
    interface Next {
        void take(Batch batch) throws Exception;
    }

    void open() throws Exception {
        UserFailure.guard(context, () -> {
            operator.open(context);
            memory.restore(operator);
        });
        restored = true;
    }

    /** Trouble ends the task, and another one will begin where it began. */
    void leave() {
        if (restored) {
            memory.leave(operator);
        }
    }

    /** Adds copies of the operator's state. */
    void copyState(Barrier cut, Consumer<OperatorState> into) throws Exception {
        try {
            memory.copy(operator, cut, context.allocator(), into);
        } catch (Exception | StackOverflowError | LinkageError failure) {
            throw UserFailure.located(failure, "stage '" + context.stageId() + "', task " + context.taskIndex());
        }
    }

    void take(Batch batch, Next next) throws Exception {
        stages.get(0).addInput(batch.rowCount());
        UserFailure.guard(context, () -> operator.process(batch, outbox(next)));
    }

    /** Takes over a batch of one of the operator's inputs; of the only one, if it has no two. */
    void take(int input, Batch batch, Next next) throws Exception {
        TwoInputs two = joining;
        if (two == null) {
            take(batch, next);
            return;
        }
        stages.get(0).addInput(batch.rowCount());
        UserFailure.guard(context, () -> two.process(input, batch, outbox(next)));
    }

    /** One of two inputs has come to its end. */
    void endOfSide(int input, Next next) throws Exception {
        TwoInputs two = joining;
        if (two != null) {
            UserFailure.guard(context, () -> two.ended(input, outbox(next)));
        }
    }

    void watermark(Watermark watermark, Next next) throws Exception {
        UserFailure.guard(context, () -> operator.onWatermark(watermark, outbox(next)));
    }

    /** A watermark as it is behind the operator, whose results may be older than its input. */
    Watermark behind(Watermark watermark) {
        long delay = joining == null ? 0 : joining.delayMicros();
        if (delay == Long.MAX_VALUE) {
            return new Watermark(Watermark.NONE);
        }
        return delay == 0 || watermark.micros() == Long.MAX_VALUE
                ? watermark
                : new Watermark(Math.max(watermark.micros(), Watermark.NONE + delay) - delay);
    }

    /** Null if it passes on what its input says of event time. */
    @Nullable
    Timekeeper timekeeper() {
        return timekeeper;
    }

    /** In how many milliseconds the operator has something to do without rows; {@link Long#MAX_VALUE} for never. */
    long dueMillis() {
        return timed == null ? Long.MAX_VALUE : timed.dueMillis();
    }

    /** Only if something is due. */
    void onClock(Next next) throws Exception {
        Timed due = timed;
        if (due != null) {
            UserFailure.guard(context, () -> due.onClock(outbox(next)));
        }
    }

    void finish(Next next) throws Exception {
        UserFailure.guard(context, () -> operator.finish(outbox(next)));
    }

    boolean hasPending() {
        return !pending.isEmpty();
    }

    /** Hands on one batch of what an operator left as an iterator. */
    void drainOne(Next next) throws Exception {
        Iterator<Batch> first = pending.element();
        UserFailure.guard(context, () -> {
            if (first.hasNext()) {
                handOn(first.next(), next);
            } else {
                pending.remove();
                closeIterator(first);
            }
        });
    }

    private void handOn(Batch batch, Next next) throws Exception {
        if (batch.rowCount() == 0) {
            batch.close();
            return;
        }
        stages.get(0).addOutput(batch.rowCount());
        for (int i = 1; i < stages.size(); i++) {
            stages.get(i).addInput(batch.rowCount());
            stages.get(i).addOutput(batch.rowCount());
        }
        next.take(batch);
    }

    private Outbox outbox(Next next) {
        return new Outbox() {
            @Override
            public void emit(Batch batch) {
                if (!pending.isEmpty()) {
                    pending.add(List.of(batch).iterator());
                    return;
                }
                try {
                    handOn(batch, next);
                } catch (Exception failure) {
                    throw UserFailure.unchecked(failure);
                }
            }

            @Override
            public void emitAll(Iterator<Batch> batches) {
                pending.add(batches);
            }
        };
    }

    void close() throws Exception {
        for (Iterator<Batch> iterator : pending) {
            closeIterator(iterator);
        }
        pending.clear();
        operator.close();
    }

    private static void closeIterator(Iterator<Batch> iterator) throws Exception {
        if (iterator instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
