package io.solstice.bench.state;

import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * First each key once, as fast as they are taken; then keys at random, at a steady rate, without end.
 *
 * @param perSecond of all tasks together
 */
record Updates(long keys, int tasks, double perSecond) implements Source {
    private static final Field KEY = new Field("key", FieldType.notNullable(new ArrowType.Int(64, true)), null);
    private static final int MANY = 4_096;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    @Override
    public Schema schema() {
        return new Schema(List.of(KEY));
    }

    @Override
    public List<Split> splits() {
        List<Split> splits = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            splits.add(new Split("updates-" + task, Integer.toString(task), -1));
        }
        return splits;
    }

    @Override
    public boolean isBounded() {
        return false;
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) {
        return new Reader(Integer.parseInt(split.payload()), position, context.allocator());
    }

    private final class Reader implements SourceReader {
        private final int task;
        private final BufferAllocator allocator;
        private final double nanosPerRow = TimeUnit.SECONDS.toNanos(1) * tasks / perSecond;
        private long position;
        private double due = System.nanoTime();

        Reader(int task, long position, BufferAllocator allocator) {
            this.task = task;
            this.position = position;
            this.allocator = allocator;
        }

        @Override
        public Batch read() {
            long first = (keys - task + tasks - 1) / tasks;
            return position < first ? rows((int) Math.min(MANY, first - position), true) : paced();
        }

        private Batch paced() {
            due = Math.max(due, System.nanoTime() - 100.0 * TICK_NANOS);
            int count = (int) Math.max(1, TICK_NANOS / nanosPerRow);
            due += count * nanosPerRow;
            for (long wait = (long) due - System.nanoTime(); wait > 0; wait = (long) due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
                if (Thread.currentThread().isInterrupted()) {
                    break;
                }
            }
            return rows(count, false);
        }

        private Batch rows(int count, boolean inOrder) {
            BigIntVector column = new BigIntVector(KEY, allocator);
            column.allocateNew(count);
            for (int i = 0; i < count; i++, position++) {
                long key = position * tasks + task;
                column.set(i, inOrder ? key : Math.floorMod(key * 0x9E3779B97F4A7C15L >>> 7, keys));
            }
            column.setValueCount(count);
            return Batch.of(List.of(column), count);
        }

        @Override
        public void close() {}
    }
}
