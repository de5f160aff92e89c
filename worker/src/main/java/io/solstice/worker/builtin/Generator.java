package io.solstice.worker.builtin;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowWriter;
import io.solstice.api.source.GeneratorSource;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** {@link GeneratorSource}: rows that are a pure function of the seed and their number. */
final class Generator implements Source {
    private static final int BATCH_ROWS = 8192;
    private static final String[] EVENT_TYPES = {"user_action", "sensor_reading", "transaction", "click"};
    /** Event time of row 0 of the mock events; later rows follow one millisecond apart, up to one second disordered. */
    private static final Instant FIRST_EVENT = Instant.parse("2024-01-01T00:00:00Z");

    private static final Schema NUMBERS = new Schema(List.of(field("number", new ArrowType.Int(64, true))));
    private static final Schema MOCK_EVENTS = new Schema(List.of(
            field("event_type", ArrowType.Utf8.INSTANCE),
            field("partition_key", ArrowType.Utf8.INSTANCE),
            field("value", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
            field("event_time", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
            field("offset", new ArrowType.Int(64, true))));

    private final GeneratorSource definition;

    Generator(GeneratorSource definition) {
        this.definition = definition;
    }

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.notNullable(type), null);
    }

    @Override
    public Schema schema() {
        return definition.kind() == GeneratorSource.Kind.NUMBERS ? NUMBERS : MOCK_EVENTS;
    }

    @Override
    public List<Split> splits() {
        List<Split> splits = new ArrayList<>();
        for (int i = 0; i < definition.splits(); i++) {
            long from = Math.multiplyExact(definition.rows(), (long) i) / definition.splits();
            long to = Math.multiplyExact(definition.rows(), i + 1L) / definition.splits();
            splits.add(new Split("rows " + from + ".." + to, from + "," + to, to - from));
        }
        return splits;
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) {
        String[] range = split.payload().split(",", 2);
        long from = Long.parseLong(range[0]) + position;
        return new Reader(from, Long.parseLong(range[1]), context);
    }

    @Override
    public boolean isBounded() {
        return definition.rows() != GeneratorSource.WITHOUT_END;
    }

    /** A paced generator waits, so it must not hold up the task; an unpaced one never does. */
    @Override
    public boolean blocks() {
        return definition.rowsPerSecond() > 0;
    }

    private final class Reader implements SourceReader {
        private final long start;
        private final long end;
        private final SourceContext context;
        private final long startedNanos = System.nanoTime();
        private long next;

        Reader(long from, long end, SourceContext context) {
            this.start = from;
            this.next = from;
            this.end = end;
            this.context = context;
        }

        @Override
        public @Nullable Batch read() {
            int rows = (int) Math.min(end - next, batchRows());
            if (rows == 0) {
                return null;
            }
            pace();
            Batch batch = definition.kind() == GeneratorSource.Kind.NUMBERS ? numbers(rows) : mockEvents(rows);
            next += rows;
            return batch;
        }

        private int batchRows() {
            double rate = definition.rowsPerSecond();
            return rate == 0 ? BATCH_ROWS : (int) Math.max(1, Math.min(BATCH_ROWS, rate / 100));
        }

        /** Waits in short turns, so that the end of the job is not held up for long. */
        private void pace() {
            double rate = definition.rowsPerSecond() / definition.splits();
            if (rate == 0) {
                return;
            }
            long due = startedNanos + (long) ((next - start) / rate * 1e9);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
        }

        private Batch numbers(int rows) {
            BigIntVector vector = (BigIntVector) NUMBERS.getFields().get(0).createVector(context.allocator());
            vector.allocateNew(rows);
            long address = vector.getDataBuffer().memoryAddress();
            long first = definition.first() + next;
            for (int i = 0; i < rows; i++) {
                MemoryUtil.putLong(address + ((long) i << 3), first + i);
            }
            vector.getValidityBuffer().setOne(0, vector.getValidityBuffer().capacity());
            vector.setValueCount(rows);
            return Batch.of(NUMBERS, List.of(vector), rows);
        }

        private Batch mockEvents(int rows) {
            List<Row> events = new ArrayList<>(rows);
            for (int i = 0; i < rows; i++) {
                long offset = next + i;
                SplittableRandom random = new SplittableRandom(definition.seed() * 0x9e3779b97f4a7c15L + offset);
                events.add(Row.of(
                        "event_type",
                        EVENT_TYPES[random.nextInt(EVENT_TYPES.length)],
                        "partition_key",
                        "partition_" + random.nextInt(4),
                        "value",
                        random.nextDouble() * 100,
                        "event_time",
                        FIRST_EVENT.plusMillis(offset - random.nextInt(1000)).truncatedTo(ChronoUnit.MICROS),
                        "offset",
                        offset));
            }
            return new RowWriter(MOCK_EVENTS).write(events, context.allocator());
        }

        @Override
        public void close() {}
    }
}
