package io.solstice.worker.record;

import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Which column each component of a record is read from. */
record InputBinding(RecordShape shape, int[] columns, List<Field> fields, List<Function<Object, Object>> toComponents) {

    /** A component without a column of its name, and one that cannot hold its column's values, are errors. */
    static InputBinding of(RecordShape shape, Schema input) {
        int[] columns = new int[shape.components().size()];
        List<Field> fields = new ArrayList<>();
        List<Function<Object, Object>> toComponents = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            RecordShape.Component component = shape.components().get(i);
            columns[i] = Batch.indexOf(input, component.name());
            Field field = input.getFields().get(columns[i]);
            if (!ComponentTypes.accepts(component.genericType(), field)) {
                throw ComponentTypes.mismatch(shape, component, field);
            }
            fields.add(field);
            toComponents.add(RowValues.toComponent(component.genericType()));
        }
        return new InputBinding(shape, columns, fields, toComponents);
    }

    int size() {
        return columns.length;
    }

    RecordShape.Component component(int index) {
        return shape.components().get(index);
    }

    ArrowType type(int index) {
        return fields.get(index).getType();
    }
}
