package io.solstice.bench.window;

import io.solstice.exchange.batch.Batch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;

/**
 * Rows with a key as a number and as a text, a price and an event time, made before they are measured. Times rise by 10
 * µs from row to row, so that 100,000 rows make a second.
 */
final class WindowRows implements AutoCloseable {
    static final int BATCH = 8192;
    static final long MICROS_PER_ROW = 10;
    /** From one key to the next. */
    static final long KEY_STEP = 7;

    private final List<Batch> batches = new ArrayList<>();

    WindowRows(long rows, int keys, boolean texts, BufferAllocator memory) {
        Random random = new Random(42);
        for (long from = 0; from < rows; from += BATCH) {
            int count = (int) Math.min(BATCH, rows - from);
            BigIntVector key = new BigIntVector("key", memory);
            VarCharVector text = new VarCharVector("text", memory);
            BigIntVector price = new BigIntVector("price", memory);
            TimeStampMicroTZVector time = new TimeStampMicroTZVector("event_time", memory, "UTC");
            key.allocateNew(count);
            price.allocateNew(count);
            time.allocateNew(count);
            text.allocateNew(24L * count, count);
            for (int i = 0; i < count; i++) {
                int which = random.nextInt(keys);
                key.set(i, which * KEY_STEP);
                price.set(i, random.nextInt(10_000));
                time.set(i, (from + i) * MICROS_PER_ROW);
                text.setSafe(i, (texts ? "customer-" + which : "").getBytes(StandardCharsets.US_ASCII));
            }
            List<FieldVector> columns = List.of(key, text, price, time);
            columns.forEach(column -> column.setValueCount(count));
            batches.add(Batch.of(columns, count));
        }
    }

    List<Batch> batches() {
        return batches;
    }

    /** The time of the last row of a batch. */
    static long lastTime(Batch batch) {
        return ((TimeStampMicroTZVector) batch.column(3)).get(batch.rowCount() - 1);
    }

    @Override
    public void close() {
        batches.forEach(Batch::close);
    }
}
