package io.solstice.worker.operator;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapFunction;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Outbox;
import io.solstice.api.row.Row;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** {@link KeyByOperator.Rows}: adds the text of the function's result as the key column. */
final class RowKeyBy implements BatchOperator {
    private final KeyByOperator.Rows definition;
    private final SchemaBound<RowMap> map;
    private @Nullable OperatorContext context;

    RowKeyBy(KeyByOperator.Rows definition) {
        this.definition = definition;
        this.map = new SchemaBound<>(this::adding);
    }

    private RowMap adding(Schema input) {
        MapFunction<Row, Row> addKey = row ->
                row.with(KeyByOperator.KEY_COLUMN, text(definition.function().apply(row)));
        RowMap adding =
                new RowMap(new MapOperator.Rows(addKey, outputSchema(input), definition.skipOnError()), "key_fn");
        if (context != null) {
            adding.open(context);
        }
        return adding;
    }

    private static @Nullable String text(@Nullable Object key) {
        return key == null ? null : key.toString();
    }

    @Override
    public Schema outputSchema(Schema input) {
        return withKey(input);
    }

    /** The input's columns and the key, as text, at the end or in the place of a column of that name. */
    static Schema withKey(Schema input) {
        Field key = new Field(KeyByOperator.KEY_COLUMN, FieldType.nullable(ArrowType.Utf8.INSTANCE), null);
        List<Field> fields = new ArrayList<>();
        boolean replaced = false;
        for (Field field : input.getFields()) {
            boolean same = field.getName().equals(KeyByOperator.KEY_COLUMN);
            fields.add(same ? key : field);
            replaced |= same;
        }
        if (!replaced) {
            fields.add(key);
        }
        return new Schema(fields, input.getCustomMetadata());
    }

    @Override
    public void open(OperatorContext opened) {
        context = opened;
    }

    @Override
    public void process(Batch batch, Outbox out) {
        map.of(batch.schema()).process(batch, out);
    }
}
