package io.solstice.faults.workload;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.api.row.Row;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the rows of each key from 1, in the column {@value #COLUMN}. The counts are state: if a restored one is not
 * exactly what belongs to the restored positions, a key has a number twice or not at all.
 */
final class KeyCounter implements BatchOperator {
    static final String COLUMN = "nth";
    private static final Field NTH = new Field(COLUMN, FieldType.notNullable(new ArrowType.Int(64, true)), null);
    private static final String KEYS = "keys";
    private static final String COUNTS = "counts";

    private final boolean forgets;
    private final Map<Long, Long> counts = new HashMap<>();
    private @Nullable BufferAllocator allocator;

    KeyCounter(boolean forgets) {
        this.forgets = forgets;
    }

    @Override
    public void open(OperatorContext context) {
        allocator = context.allocator();
    }

    @Override
    public void process(Batch batch, Outbox out) {
        try (batch) {
            BigIntVector keys = (BigIntVector) batch.column("key");
            BigIntVector numbers = new BigIntVector(NTH, allocator);
            numbers.allocateNew(batch.rowCount());
            for (int row = 0; row < batch.rowCount(); row++) {
                numbers.set(row, next(keys.get(row)));
            }
            numbers.setValueCount(batch.rowCount());
            int[] origins = new int[batch.columnCount() + 1];
            for (int i = 0; i < batch.columnCount(); i++) {
                origins[i] = i;
            }
            origins[batch.columnCount()] = -1;
            out.emit(batch.rearrange(schema(batch.schema()), origins, List.of(numbers)));
        }
    }

    /** The number of the next row of a key. */
    long next(long key) {
        return counts.merge(key, 1L, Long::sum);
    }

    private static Schema schema(Schema input) {
        List<Field> fields = new ArrayList<>(input.getFields());
        fields.add(NTH);
        return new Schema(fields);
    }

    @Override
    public Schema outputSchema(Schema input) {
        return schema(input);
    }

    @Override
    public Row checkpoint() {
        if (forgets || counts.isEmpty()) {
            return Row.EMPTY;
        }
        List<Long> keys = List.copyOf(counts.keySet());
        return Row.of(KEYS, keys, COUNTS, keys.stream().map(counts::get).toList());
    }

    @Override
    public void restore(Row state) {
        if (!(state.get(KEYS) instanceof List<?> keys) || !(state.get(COUNTS) instanceof List<?> numbers)) {
            return;
        }
        for (int i = 0; i < keys.size(); i++) {
            counts.put((Long) keys.get(i), (Long) numbers.get(i));
        }
    }
}
