package io.solstice.worker.task;

import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import java.util.List;

/** The end of a sink's task: writes batches and seals them. */
public final class SinkOutput implements TaskOutput {
    private final StageId stage;
    private final int taskIndex;
    private final StageCounters counters;
    private final Sink sink;
    private final SinkWriter writer;
    private List<Committable> sealed = List.of();

    /** Takes over the sink, also when it throws. */
    public SinkOutput(StageId stage, Sink sink, SinkContext context, StageCounters counters) throws Exception {
        this.stage = stage;
        this.taskIndex = context.taskIndex();
        this.counters = counters;
        this.sink = sink;
        try {
            this.writer = sink.open(context);
        } catch (Exception | Error failure) {
            sink.close();
            throw failure;
        }
    }

    @Override
    public void take(Batch batch) throws Exception {
        try (batch) {
            counters.addInput(batch.rowCount());
            writer.write(batch);
            counters.addOutput(batch.rowCount());
        } catch (Exception | LinkageError failure) {
            throw UserFailure.located(failure, place());
        }
    }

    private String place() {
        return "stage '" + stage + "', task " + taskIndex;
    }

    @Override
    public void watermark(Watermark watermark) {}

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public void end() throws Exception {
        String payload;
        try {
            payload = writer.seal();
        } catch (Exception | LinkageError failure) {
            throw UserFailure.located(failure, place());
        }
        if (payload != null) {
            sealed = List.of(new Committable(stage, taskIndex, payload));
        }
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
    public long waitingBytes() {
        return 0;
    }

    @Override
    public void close() throws Exception {
        try {
            writer.close();
        } finally {
            sink.close();
        }
    }
}
