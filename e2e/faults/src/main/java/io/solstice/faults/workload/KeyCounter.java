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
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
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

    private static final String BALLAST = "ballast";
    private static final String SUM = "sum";

    private final boolean forgets;
    private final int ballastBytes;
    /** Made when the first row comes, unless it is restored. */
    private byte[] ballast = {};

    private final Map<Long, Long> counts = new HashMap<>();
    private @Nullable BufferAllocator allocator;

    /** @param ballastBytes of random bytes that are state too */
    KeyCounter(boolean forgets, int ballastBytes) {
        this.forgets = forgets;
        this.ballastBytes = ballastBytes;
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
            shift(keys.get(0) * 7919L + numbers.get(0) * 104_729L);
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

    private void shift(long place) {
        if (ballast.length < ballastBytes) {
            ballast = new byte[ballastBytes];
            new SplittableRandom(place).nextBytes(ballast);
        }
        if (ballast.length > 0) {
            ballast[(int) Math.floorMod(place, (long) ballast.length)]++;
        }
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
        Row state = Row.of(KEYS, keys, COUNTS, keys.stream().map(counts::get).toList());
        return ballast.length == 0 ? state : state.with(BALLAST, ballast).with(SUM, sum());
    }

    @Override
    public void restore(Row state) {
        if (!(state.get(KEYS) instanceof List<?> keys) || !(state.get(COUNTS) instanceof List<?> numbers)) {
            return;
        }
        for (int i = 0; i < keys.size(); i++) {
            counts.put((Long) keys.get(i), (Long) numbers.get(i));
        }
        if (state.get(BALLAST) instanceof byte[] before) {
            ballast = before;
            if (!Objects.equals(state.get(SUM), sum())) {
                throw new IllegalStateException("the ballast is not what it was");
            }
        }
    }

    private long sum() {
        CRC32C crc = new CRC32C();
        crc.update(ballast);
        return crc.getValue();
    }
}
