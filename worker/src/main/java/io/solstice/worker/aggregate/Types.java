package io.solstice.worker.aggregate;

import java.util.List;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Nullable fields. */
final class Types {
    private Types() {}

    static Field int64(String name) {
        return of(name, new ArrowType.Int(64, true), List.of());
    }

    static Field float64(String name) {
        return of(name, new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE), List.of());
    }

    static Field binary(String name) {
        return of(name, ArrowType.Binary.INSTANCE, List.of());
    }

    /** A column like another, under another name. */
    static Field like(String name, Field column) {
        return of(name, column.getType(), column.getChildren());
    }

    static Field listOf(String name, Field item) {
        return of(name, ArrowType.List.INSTANCE, List.of(like("item", item)));
    }

    static Field of(String name, ArrowType type, List<Field> children) {
        return new Field(name, FieldType.nullable(type), children);
    }
}
