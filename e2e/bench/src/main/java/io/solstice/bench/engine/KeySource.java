package io.solstice.bench.engine;

import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.bench.keyed.KeyedCounts;
import io.solstice.bench.nexmark.EventBatches;
import io.solstice.bench.nexmark.EventRange;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Events of keys, made while they are read. There is one split for each task; its number is all that it holds. */
record KeySource(KeyedCounts work, long events, int tasks, Runnable started) implements Source {
    static final String KEY = "key";
    private static final Field COLUMN = new Field(KEY, FieldType.notNullable(new ArrowType.Int(64, true)), null);

    @Override
    public Schema schema() {
        return new Schema(List.of(COLUMN));
    }

    @Override
    public List<Split> splits() {
        List<Split> splits = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            splits.add(new Split(
                    "events-" + task, Integer.toString(task), range(task).rows()));
        }
        return splits;
    }

    private EventRange range(int task) {
        return EventRange.of(work.seed(), events, task, tasks);
    }

    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) {
        EventRange range = range(Integer.parseInt(split.payload()));
        started.run();
        return new BatchReader(new Keys(work, range, context.allocator()), range.rows(), position);
    }

    private record Keys(KeyedCounts work, EventRange range, BufferAllocator allocator) implements EventBatches {
        @Override
        public Batch make(long position, int rows) {
            BigIntVector keys = new BigIntVector(COLUMN, allocator);
            keys.allocateNew(rows);
            for (int row = 0; row < rows; row++) {
                keys.set(row, KeyedCounts.key(work.seed(), range.event(position + row), work.keys()));
            }
            keys.setValueCount(rows);
            return Batch.of(List.of(keys), rows);
        }

        @Override
        public void close() {}
    }
}
