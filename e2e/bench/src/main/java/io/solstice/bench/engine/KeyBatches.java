package io.solstice.bench.engine;

import io.solstice.bench.keyed.KeyedCounts;
import io.solstice.bench.nexmark.EventBatches;
import io.solstice.bench.nexmark.EventRange;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Events that are keys alone. */
record KeyBatches(KeyedCounts work, BufferAllocator allocator, EventRange range) implements EventBatches {
    static final String KEY = "key";
    private static final Field COLUMN = new Field(KEY, FieldType.notNullable(new ArrowType.Int(64, true)), null);
    static final Schema SCHEMA = new Schema(List.of(COLUMN));

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
