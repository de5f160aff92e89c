package io.solstice.worker.job;

import io.solstice.common.id.StageId;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** The columns of a stage with two inputs as one schema: for each upstream a struct by its id. */
final class SideSchemas {
    private static final Map<String, String> MARK = Map.of("solstice.sides", "2");

    private SideSchemas() {}

    static Schema together(StageId left, Schema leftColumns, StageId right, Schema rightColumns) {
        return new Schema(List.of(struct(left, leftColumns), struct(right, rightColumns)), MARK);
    }

    private static Field struct(StageId stage, Schema columns) {
        return new Field(stage.value(), FieldType.notNullable(ArrowType.Struct.INSTANCE), columns.getFields());
    }

    static boolean are(Schema input) {
        return input.getCustomMetadata().equals(MARK);
    }

    /** The columns that one upstream delivers. */
    static Schema of(Schema input, StageId upstream) {
        return are(input) ? new Schema(input.findField(upstream.value()).getChildren()) : input;
    }

    /** @param index of the side */
    static Schema of(Schema input, int index) {
        return new Schema(input.getFields().get(index).getChildren());
    }
}
