package io.solstice.bench.cluster;

import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Events at a steady rate, each given out when it is due, or as soon as its reader is called after that: who is slow sees
 * it in the time that an event takes.
 */
record PacedEvents(long events, long keys, double perSecond) implements Source {
    static final String NUMBER = "number";
    static final String KEY = "key";
    static final String DUE = "due";
    private static final int MOST_ROWS = 4_096;
    private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    private static Field whole(String name) {
        return new Field(name, FieldType.notNullable(new ArrowType.Int(64, true)), null);
    }

    @Override
    public Schema schema() {
        return new Schema(List.of(whole(NUMBER), whole(KEY), whole(DUE)));
    }

    @Override
    public List<Split> splits() {
        return List.of(new Split("paced", "", events));
    }

    /** It never waits for longer than until the next event is due. */
    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) {
        return new Reader(position, context.allocator());
    }

    private final class Reader implements SourceReader {
        private final BufferAllocator allocator;
        private final long begin = System.nanoTime();
        private final long first;
        private final double nanosPerEvent = TimeUnit.SECONDS.toNanos(1) / perSecond;
        private long next;

        Reader(long position, BufferAllocator allocator) {
            this.first = position;
            this.next = position;
            this.allocator = allocator;
        }

        private long due(long event) {
            return begin + (long) ((event - first) * nanosPerEvent);
        }

        @Override
        public @Nullable Batch read() {
            if (next == events) {
                return null;
            }
            long wait = due(next) - System.nanoTime();
            while (wait > 0 && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(Math.min(wait, NAP_NANOS));
                wait = due(next) - System.nanoTime();
            }
            long due = 1 + (long) ((System.nanoTime() - due(next)) / nanosPerEvent);
            return batch((int) Math.max(1, Math.min(Math.min(due, MOST_ROWS), events - next)));
        }

        private Batch batch(int rows) {
            BigIntVector number = new BigIntVector(whole(NUMBER), allocator);
            BigIntVector key = new BigIntVector(whole(KEY), allocator);
            BigIntVector due = new BigIntVector(whole(DUE), allocator);
            for (BigIntVector column : List.of(number, key, due)) {
                column.allocateNew(rows);
            }
            for (int i = 0; i < rows; i++, next++) {
                number.set(i, next);
                key.set(i, Math.floorMod(next * 0x9E3779B97F4A7C15L >>> 9, keys));
                due.set(i, due(next));
            }
            for (BigIntVector column : List.of(number, key, due)) {
                column.setValueCount(rows);
            }
            return Batch.of(List.of(number, key, due), rows);
        }

        @Override
        public void close() {}
    }
}
