package io.solstice.worker.join;

import io.solstice.api.operator.JoinOperator;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.Tabular;
import io.solstice.spi.TwoInputs;
import io.solstice.worker.overflow.Overflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one input on their way into the tables of a checkpoint: the key columns once more, by which they are divided,
 * a moment, whether the row has met a partner, and its columns.
 */
final class SavedRows {
    /** A table has at most so many rows. */
    static final int ROWS = 1 << 16;

    private static final long MOST_BYTES = 128L << 20;
    /** A table takes at most this part of the memory, twice that while it is made. */
    private static final int SHARE_OF_MEMORY = 16;

    private static final String[] MOMENT = {"left.moment", "right.moment"};
    private static final String MATCHED = "matched";

    private final JoinPlan plan;
    private final int input;
    private final Consumer<Batch> tables;
    private final BufferAllocator allocator;
    private final Overflow overflow;
    private final long mostBytes;
    private final PickedRows picked = new PickedRows();
    private final long[] moments = new long[ROWS];
    private final boolean[] matched = new boolean[ROWS];
    private @Nullable Batch newest;
    private int number = -1;
    private long bytes;
    private long eachBytes;

    /** Whose rows they are. */
    record Shape(JoinPlan plan, int input, BufferAllocator allocator) {}

    /** @param tables takes over each table as it is ended */
    SavedRows(Shape shape, Consumer<Batch> tables) {
        this.plan = shape.plan();
        this.input = shape.input();
        this.tables = tables;
        this.allocator = shape.allocator();
        this.overflow = new Overflow(allocator);
        this.mostBytes = Math.min(MOST_BYTES, allocator.getRoot().getLimit() / SHARE_OF_MEMORY);
    }

    /** @param batch stays open until {@link #end} */
    void add(Batch batch, int row, long moment, boolean hasMet) {
        if (batch != newest) {
            newest = batch;
            number++;
            eachBytes = batch.byteSize() / Math.max(1, batch.rowCount());
        }
        moments[picked.count()] = moment;
        matched[picked.count()] = hasMet;
        picked.add(number, batch, row);
        bytes += eachBytes;
        if (picked.count() == ROWS || bytes > mostBytes) {
            end();
        }
    }

    /** Ends the last table. */
    void end() {
        int rows = picked.count();
        if (rows == 0) {
            return;
        }
        JoinSide side = plan.side(input);
        List<Field> fields = new ArrayList<>();
        List<FieldVector> vectors = new ArrayList<>();
        try {
            for (int key : side.keys()) {
                Field field = side.schema().getFields().get(key);
                fields.add(named("key." + fields.size(), field));
                vectors.add(picked.column(key, field, allocator));
            }
            BigIntVector moment = new BigIntVector(
                    new Field(MOMENT[input], FieldType.notNullable(new ArrowType.Int(64, true)), null), allocator);
            vectors.add(moment);
            moment.allocateNew(rows);
            BitVector met =
                    new BitVector(new Field(MATCHED, FieldType.notNullable(ArrowType.Bool.INSTANCE), null), allocator);
            vectors.add(met);
            met.allocateNew(rows);
            for (int i = 0; i < rows; i++) {
                moment.set(i, moments[i]);
                met.set(i, matched[i] ? 1 : 0);
            }
            moment.setValueCount(rows);
            met.setValueCount(rows);
            fields.add(moment.getField());
            fields.add(met.getField());
            for (int i = 0; i < side.schema().getFields().size(); i++) {
                Field field = side.schema().getFields().get(i);
                fields.add(named("row." + field.getName(), field));
                vectors.add(picked.column(i, field, allocator));
            }
            Batch table = Batch.of(new Schema(fields, share()), vectors, rows);
            vectors.clear();
            picked.clear();
            bytes = 0;
            tables.accept(overflow.placed(table));
        } catch (RuntimeException | Error failure) {
            vectors.forEach(FieldVector::close);
            throw failure;
        }
    }

    /** A lookup's right input is the same in all tasks, and its left ones are not divided by the keys of the join. */
    private @Nullable Map<String, String> share() {
        if (!(plan.definition().scope() instanceof JoinOperator.Lookup)) {
            return null;
        }
        return Map.of(Tabular.SHARE, input == TwoInputs.RIGHT ? Tabular.COPIED : Tabular.INHERITED);
    }

    private static Field named(String name, Field field) {
        return new Field(name, field.getFieldType(), field.getChildren());
    }

    /** What a table was made of. */
    record Loaded(int input, Batch rows, long[] moments, boolean[] matched) {
        /** That of all rows, or null if they have several, or there are none. */
        @Nullable
        Long onlyMoment() {
            for (long moment : moments) {
                if (moment != moments[0]) {
                    return null;
                }
            }
            return moments.length == 0 ? null : moments[0];
        }
    }

    /** Reads a table, or some rows of it, which stays the caller's; the rows are the new owner's. */
    static Loaded load(JoinPlan plan, Batch table) {
        int keys = plan.left().keys().size();
        String kind = table.schema().getFields().get(keys).getName();
        int input = kind.equals(MOMENT[TwoInputs.LEFT]) ? TwoInputs.LEFT : TwoInputs.RIGHT;
        int rows = table.rowCount();
        BigIntVector moment = (BigIntVector) table.column(keys);
        long[] moments = new long[rows];
        for (int i = 0; i < rows; i++) {
            moments[i] = moment.get(i);
        }
        boolean[] matched = new boolean[rows];
        BitVector met = (BitVector) table.column(keys + 1);
        for (int i = 0; i < rows; i++) {
            matched[i] = met.get(i) != 0;
        }
        Schema schema = plan.side(input).schema();
        int[] columns = new int[schema.getFields().size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = keys + 2 + i;
        }
        try (Batch own = table.select(columns)) {
            return new Loaded(input, own.renamed(schema), moments, matched);
        }
    }
}
