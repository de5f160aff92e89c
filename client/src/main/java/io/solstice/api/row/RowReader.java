package io.solstice.api.row;

import io.solstice.exchange.batch.Batch;
import java.util.AbstractList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** Reads a batch row by row. Valid while the batch is open. */
public final class RowReader {
    private final List<String> names;
    private final ValueReader[] columns;
    private final int rowCount;

    public RowReader(Batch batch) {
        this.names = batch.schema().getFields().stream().map(Field::getName).toList();
        this.columns = new ValueReader[batch.columnCount()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = ValueReader.of(batch.column(i));
        }
        this.rowCount = batch.rowCount();
    }

    /** A row with copies of the values, which outlives the batch. */
    public Row row(int index) {
        @Nullable Object[] values = new Object[columns.length];
        for (int i = 0; i < columns.length; i++) {
            values[i] = columns[i].read(index);
        }
        return new Row(names, values);
    }

    /** All rows, each read when it is asked for. */
    public List<Row> rows() {
        return new AbstractList<>() {
            @Override
            public Row get(int index) {
                return row(index);
            }

            @Override
            public int size() {
                return rowCount;
            }
        };
    }
}
