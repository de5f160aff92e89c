package io.solstice.faults.workload;

import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Rows with times at a steady rate. A split is a partition; any position of it can be gone on from. */
final class TimedSource implements Source {
    static final Schema SCHEMA = new Schema(List.of(
            field("id"),
            field("part"),
            field("seq"),
            field("key"),
            field("region"),
            field("value"),
            field("event_time")));
    private static final int MOST_ROWS = 500;
    private static final double BATCHES_PER_SECOND = 25;

    private final Load load;
    private final int firstPart;
    private final int parts;
    private final boolean mayBeLate;

    /** @param mayBeLate whether rows late on purpose are among them */
    TimedSource(Load load, int firstPart, int parts, boolean mayBeLate) {
        this.load = load;
        this.firstPart = firstPart;
        this.parts = parts;
        this.mayBeLate = mayBeLate;
    }

    private static Field field(String name) {
        return new Field(name, FieldType.notNullable(new ArrowType.Int(64, true)), null);
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<Split> splits() {
        List<Split> splits = new ArrayList<>();
        for (int part = firstPart; part < firstPart + parts; part++) {
            splits.add(new Split("rows-" + part, Integer.toString(part), load.rows()));
        }
        return splits;
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) {
        return new Reader(Long.parseLong(split.payload()), position, context.allocator());
    }

    private final class Reader implements SourceReader {
        private final long part;
        private final BufferAllocator allocator;
        private final Pace pace;
        private long next;

        Reader(long part, long begin, BufferAllocator allocator) {
            this.part = part;
            this.allocator = allocator;
            this.pace = new Pace(load.rowsPerSecond(), load.hurry(), begin);
            this.next = begin;
        }

        @Override
        public @Nullable Batch read() {
            if (next >= load.rows()) {
                return null;
            }
            pace.await(next);
            double due = pace.isOver() ? MOST_ROWS : load.rowsPerSecond() / BATCHES_PER_SECOND;
            int rows = (int) Math.min(load.rows() - next, Math.max(1, Math.min(MOST_ROWS, due)));
            Batch batch = batch(rows);
            next += rows;
            return batch;
        }

        private Batch batch(int rows) {
            List<BigIntVector> vectors = new ArrayList<>();
            for (Field field : SCHEMA.getFields()) {
                BigIntVector vector = new BigIntVector(field, allocator);
                vector.allocateNew(rows);
                vectors.add(vector);
            }
            for (int row = 0; row < rows; row++) {
                Timed timed = Timed.of(load.seed(), part, next + row, mayBeLate);
                vectors.get(0).set(row, timed.id());
                vectors.get(1).set(row, timed.part());
                vectors.get(2).set(row, timed.seq());
                vectors.get(3).set(row, timed.key());
                vectors.get(4).set(row, timed.region());
                vectors.get(5).set(row, timed.value());
                vectors.get(6).set(row, timed.micros());
            }
            vectors.forEach(vector -> vector.setValueCount(rows));
            return Batch.of(SCHEMA, List.<FieldVector>copyOf(vectors), rows);
        }

        @Override
        public void close() {}
    }
}
