package io.solstice.worker.record;

import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.KeyFunction;
import io.solstice.api.operator.MapFunction;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A function from record to key, as the column {@value KeyByOperator#KEY_COLUMN} beside the input's columns. It holds
 * the text of what the function returns, null for null. Serves one thread.
 */
public final class RecordKey {
    private static final long[] NOTHING = new long[0];
    private static final Field KEY =
            new Field(KeyByOperator.KEY_COLUMN, FieldType.nullable(ArrowType.Utf8.INSTANCE), List.of());

    private final InputBinding input;
    private final Placement placement;
    private final RecordLoop loop;

    private RecordKey(InputBinding input, Placement placement, RecordLoop loop) {
        this.input = input;
        this.placement = placement;
        this.loop = loop;
    }

    public static <I extends Record> RecordKey compile(Class<I> in, KeyFunction<? super I> function, Schema input) {
        InputBinding binding = InputBinding.of(RecordShape.of(in), input);
        @SuppressWarnings("NullAway") // the loop hands a null on as it is
        MapFunction<I, Object> toKey = function::apply;
        return new RecordKey(binding, Placement.over(input, List.of(KEY)), RecordLoopGenerator.objects(binding, toKey));
    }

    public Schema outputSchema() {
        return placement.schema();
    }

    /** The batch with its key column; the given batch stays the caller's. Rows that fail are left out. */
    public Batch apply(Batch batch, BufferAllocator allocator, RecordFailures failures) {
        int rows = batch.rowCount();
        VarCharVector keys = (VarCharVector) KEY.createVector(allocator);
        Optional<Selection> good;
        try (InputColumns in = new InputColumns(input, batch, allocator)) {
            KeyTexts texts = new KeyTexts(new ComponentWriter.Texts(keys, rows));
            good = RecordRun.over(loop, in, NOTHING, new Object[] {texts}, rows, failures);
            texts.finish(rows);
        } catch (RuntimeException | Error failure) {
            keys.close();
            throw failure;
        }
        Batch all = batch.rearrange(placement.schema(), placement.origins(), List.of(keys));
        if (good.isEmpty()) {
            return all;
        }
        try (all) {
            return Gather.rows(all, good.get(), allocator);
        }
    }

    private record KeyTexts(ComponentWriter.Texts texts) implements ComponentWriter {
        @Override
        public void write(int row, @Nullable Object value) {
            texts.write(row, value == null ? null : value.toString());
        }

        @Override
        public void finish(int rows) {
            texts.finish(rows);
        }
    }
}
