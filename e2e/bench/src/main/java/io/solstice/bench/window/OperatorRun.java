package io.solstice.bench.window;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import io.solstice.worker.window.WindowedAggregation;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;

/** The engine's operator, driven as a task does it, with a watermark behind each batch. */
final class OperatorRun implements Outbox {
    private final ArrayDeque<Iterator<Batch>> pending = new ArrayDeque<>();
    private long checksum;

    private OperatorRun() {}

    /** The sum of all numbers that are aggregates. */
    static long run(AggregateOperator definition, List<Batch> batches, BufferAllocator memory) {
        OperatorRun run = new OperatorRun();
        WindowedAggregation operator = new WindowedAggregation(definition);
        operator.open(new OperatorTask(memory));
        for (Batch batch : batches) {
            operator.process(batch.share(), run);
            run.drain();
            operator.onWatermark(new Watermark(WindowRows.lastTime(batch)), run);
            run.drain();
        }
        operator.finish(run);
        run.drain();
        operator.close();
        return run.checksum;
    }

    private void drain() {
        while (!pending.isEmpty()) {
            pending.remove().forEachRemaining(this::emit);
        }
    }

    @Override
    public void emit(Batch batch) {
        try (batch) {
            int first = batch.indexOf(AggregateOperator.WINDOW_END) + 1;
            for (FieldVector column : batch.columns().subList(first, batch.columnCount())) {
                BigIntVector numbers = (BigIntVector) column;
                for (int i = 0; i < batch.rowCount(); i++) {
                    checksum += numbers.getDataBuffer().getLong((long) i << 3);
                }
            }
        }
    }

    @Override
    public void emitAll(Iterator<Batch> batches) {
        pending.add(batches);
    }
}
