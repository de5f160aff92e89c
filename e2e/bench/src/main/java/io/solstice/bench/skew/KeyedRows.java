package io.solstice.bench.skew;

import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A key, a price, which are made before anything is measured and come again and again, and a time that goes on by 100,000
 * rows a second. One split for each task.
 */
final class KeyedRows implements AutoCloseable {
    static final String KEY = "key";
    static final String PRICE = "price";
    static final String TIME = "event_time";
    private static final int KEYS = 10_000;
    private static final int BATCH = 8192;
    private static final int BATCHES = 64;
    private static final long MICROS_PER_ROW = 10;
    private static final ArrowType INT64 = new ArrowType.Int(64, true);
    private static final Schema SCHEMA = new Schema(List.of(
            new Field(KEY, FieldType.nullable(INT64), null),
            new Field(PRICE, FieldType.nullable(INT64), null),
            new Field(TIME, FieldType.nullable(new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")), null)));

    private final List<Batch> batches = new ArrayList<>();
    private final long[] prices = new long[BATCHES];

    /** @param hot how many of a hundred rows have one and the same key */
    KeyedRows(int hot, BufferAllocator memory) {
        Random random = new Random(42);
        for (int b = 0; b < BATCHES; b++) {
            BigIntVector keys = new BigIntVector(KEY, memory);
            BigIntVector price = new BigIntVector(PRICE, memory);
            keys.allocateNew(BATCH);
            price.allocateNew(BATCH);
            for (int i = 0; i < BATCH; i++) {
                keys.set(i, random.nextInt(100) < hot ? 0 : random.nextInt(KEYS));
                int value = random.nextInt(10_000);
                price.set(i, value);
                prices[b] += value;
            }
            List<FieldVector> columns = List.of(keys, price);
            columns.forEach(column -> column.setValueCount(BATCH));
            batches.add(Batch.of(columns, BATCH));
        }
    }

    /** So many rows make whole batches in each task. */
    static long whole(long rows, int tasks) {
        return rows / tasks / BATCH * BATCH * tasks;
    }

    /** The sum of all prices of so many rows. */
    long sum(long rows, int tasks) {
        long sum = 0;
        for (long b = 0; b < rows / tasks / BATCH; b++) {
            sum += prices[(int) (b % BATCHES)] * tasks;
        }
        return sum;
    }

    Source source(long rows, int tasks, Runnable started) {
        return new Source() {
            @Override
            public Schema schema() {
                return SCHEMA;
            }

            @Override
            public List<Split> splits() {
                return IntStream.range(0, tasks)
                        .mapToObj(task -> new Split("rows-" + task, "", rows / tasks))
                        .toList();
            }

            @Override
            public boolean blocks() {
                return false;
            }

            @Override
            public SourceReader open(Split split, long position, SourceContext context) {
                started.run();
                return new Reader(position, rows / tasks, tasks * MICROS_PER_ROW, context.allocator());
            }
        };
    }

    private final class Reader implements SourceReader {
        private final long end;
        private final long step;
        private final BufferAllocator memory;
        private long row;

        Reader(long first, long end, long step, BufferAllocator memory) {
            this.row = first;
            this.end = end;
            this.step = step;
            this.memory = memory;
        }

        @Override
        public @Nullable Batch read() {
            if (row >= end) {
                return null;
            }
            TimeStampMicroTZVector times = new TimeStampMicroTZVector(TIME, memory, "UTC");
            times.allocateNew(BATCH);
            for (int i = 0; i < BATCH; i++) {
                times.set(i, (row + i) * step);
            }
            times.setValueCount(BATCH);
            Batch batch = batches.get((int) (row / BATCH % BATCHES));
            row += BATCH;
            return batch.rearrange(SCHEMA, new int[] {0, 1, -1}, List.of(times));
        }

        @Override
        public void close() {}
    }

    @Override
    public void close() {
        batches.forEach(Batch::close);
    }
}
