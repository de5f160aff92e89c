package io.solstice.worker.task;

import io.solstice.api.sink.Guarantee;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The end of a sink's task: writes batches, and seals them at every barrier and at the end. The first writer is opened
 * at once, so that a target that cannot be written shows early; each later one with the first batch after a barrier. A
 * sink that publishes at once has one writer for all, which is flushed at barriers.
 */
public final class SinkOutput implements TaskOutput {
    private final StageId stage;
    private final int taskIndex;
    private final StageCounters counters;
    private final Sink sink;
    private final LongFunction<SinkContext> contexts;
    private final boolean sealing;
    private long epoch;
    private @Nullable SinkWriter writer;
    private List<Committable> sealed = List.of();

    /**
     * Takes over the sink, also when it throws.
     *
     * @param contexts what a writer is given, by the number of its epoch
     * @param firstEpoch the number of the first writer
     */
    public SinkOutput(
            StageId stage, Sink sink, LongFunction<SinkContext> contexts, long firstEpoch, StageCounters counters)
            throws Exception {
        this.stage = stage;
        this.counters = counters;
        this.sink = sink;
        this.contexts = contexts;
        this.epoch = firstEpoch;
        try {
            SinkContext first = contexts.apply(firstEpoch);
            this.taskIndex = first.taskIndex();
            this.sealing = sink.guarantee() == Guarantee.EXACTLY_ONCE;
            this.writer = sink.open(first);
        } catch (Exception | Error failure) {
            sink.close();
            throw failure;
        }
    }

    @Override
    public void take(Batch batch) throws Exception {
        try (batch) {
            counters.addInput(batch.rowCount());
            open().write(batch);
            counters.addOutput(batch.rowCount());
        } catch (Exception | LinkageError failure) {
            throw UserFailure.located(failure, place());
        }
    }

    private SinkWriter open() throws Exception {
        SinkWriter current = writer;
        if (current == null) {
            current = sink.open(contexts.apply(epoch));
            writer = current;
        }
        return current;
    }

    private String place() {
        return "stage '" + stage + "', task " + taskIndex;
    }

    @Override
    public void watermark(Watermark watermark) {}

    @Override
    public void idle() {}

    @Override
    public List<Committable> barrier(Barrier barrier) throws Exception {
        if (sealing) {
            epoch = barrier.epoch() + 1;
            return seal();
        }
        SinkWriter current = writer;
        if (current != null) {
            UserFailure.guard(place(), current::flush);
        }
        return List.of();
    }

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public void end() throws Exception {
        sealed = seal();
    }

    private List<Committable> seal() throws Exception {
        SinkWriter ending = writer;
        if (ending == null) {
            return List.of();
        }
        String payload;
        try {
            payload = ending.seal();
            writer = null;
            ending.close();
        } catch (Exception | LinkageError failure) {
            throw UserFailure.located(failure, place());
        }
        return payload == null ? List.of() : List.of(new Committable(stage, taskIndex, payload));
    }

    @Override
    public boolean isFlushed() {
        return true;
    }

    @Override
    public List<Committable> sealed() {
        return sealed;
    }

    @Override
    public void close() throws Exception {
        try {
            if (writer != null) {
                writer.close();
            }
        } finally {
            sink.close();
        }
    }
}
