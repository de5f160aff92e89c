package io.solstice.faults.workload;

import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Events at a steady rate. A split is a partition; any position of it can be gone on from. */
final class EventSource implements Source {
    static final Schema SCHEMA = new Schema(List.of(
            field("id", new ArrowType.Int(64, true)),
            field("part", new ArrowType.Int(64, true)),
            field("seq", new ArrowType.Int(64, true)),
            field("key", new ArrowType.Int(64, true)),
            field("payload", ArrowType.Utf8.INSTANCE),
            field("crc", new ArrowType.Int(64, true))));
    private static final int MOST_ROWS = 1000;
    private static final double BATCHES_PER_SECOND = 50;
    private static final int ONE_IN = 997;

    private final Load load;

    EventSource(Load load) {
        this.load = load;
    }

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.notNullable(type), null);
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<Split> splits() {
        List<Split> splits = new ArrayList<>();
        for (int part = 0; part < load.parts(); part++) {
            splits.add(new Split("events-" + part, Integer.toString(part), load.rows()));
        }
        return splits;
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) {
        return open(split, position, context.allocator());
    }

    SourceReader open(Split split, long position, BufferAllocator allocator) {
        return new Reader(Long.parseLong(split.payload()), begin(position), position > 0, allocator);
    }

    private long begin(long position) {
        if (position == 0) {
            return 0;
        }
        return load.has(Plant.POSITION_AHEAD)
                ? position + 1
                : load.has(Plant.POSITION_BEHIND) ? position - 1 : position;
    }

    private final class Reader implements SourceReader {
        private final long part;
        private final BufferAllocator allocator;
        private final Pace pace;
        private long next;
        private boolean repeats;

        Reader(long part, long begin, boolean restored, BufferAllocator allocator) {
            this.part = part;
            this.pace = new Pace(load.rowsPerSecond(), load.hurry(), begin);
            this.next = begin;
            this.allocator = allocator;
            this.repeats = restored && load.has(Plant.TWICE_AFTER_RESTORE);
        }

        @Override
        public @Nullable Batch read() {
            int rows = (int) Math.min(
                    load.rows() - next, Math.max(1, Math.min(MOST_ROWS, load.rowsPerSecond() / BATCHES_PER_SECOND)));
            if (rows <= 0) {
                return null;
            }
            keepPace();
            List<Event> events = new ArrayList<>(rows + 1);
            for (int i = 0; i < rows; i++) {
                add(events, next + i);
            }
            next += rows;
            return batch(events);
        }

        private void add(List<Event> events, long seq) {
            if (load.has(Plant.DROPS) && seq % ONE_IN == 1) {
                return;
            }
            Event event = Event.of(load.seed(), part, seq);
            events.add(event);
            if (repeats) {
                repeats = false;
                events.add(event);
            }
            if (load.has(Plant.ALIEN) && seq % ONE_IN == 1) {
                events.add(Event.of(load.seed(), part, seq + load.rows()));
            }
        }

        /** Rows that bring a visitor for the first time come as fast as they can. */
        private void keepPace() {
            if (load.ballastBytes() > 0 && next < load.visitorsOfPart(FaultWorkflow.HEAVY_TASKS)) {
                pace.restart(next);
            }
            pace.await(next);
        }

        private Batch batch(List<Event> events) {
            List<FieldVector> vectors = new ArrayList<>();
            for (Field field : SCHEMA.getFields()) {
                FieldVector vector = field.createVector(allocator);
                vector.setInitialCapacity(events.size());
                vector.allocateNew();
                vectors.add(vector);
            }
            for (int row = 0; row < events.size(); row++) {
                Event event = events.get(row);
                long[] numbers = {event.id(), event.part(), event.seq(), event.key()};
                for (int column = 0; column < numbers.length; column++) {
                    ((BigIntVector) vectors.get(column)).setSafe(row, numbers[column]);
                }
                ((VarCharVector) vectors.get(4)).setSafe(row, event.payload().getBytes(StandardCharsets.UTF_8));
                ((BigIntVector) vectors.get(5)).setSafe(row, event.crc());
            }
            vectors.forEach(vector -> vector.setValueCount(events.size()));
            return Batch.of(SCHEMA, vectors, events.size());
        }

        @Override
        public void close() {}
    }
}
