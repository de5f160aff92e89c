package io.solstice.worker.expression;

import io.solstice.api.expr.Expression;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** What an expression gives: the check that a job's expressions fit its columns, before anything runs. */
public final class ExpressionTypes {
    private ExpressionTypes() {}

    /**
     * The column that the expression makes of rows of that schema. Its name is the given one ({@code as}), that of a
     * plain column or struct field, or else the expression's text. An unknown column, and an operation that the types
     * do not have, are errors.
     */
    public static Field typeOf(Expression expression, Schema schema) {
        Typed typed = new Typing(schema).typed(expression);
        return named(nameOf(expression), typed.field());
    }

    static String nameOf(Expression expression) {
        if (expression instanceof Expression.Named named) {
            return named.name();
        } else if (expression instanceof Expression.Column column) {
            return column.name();
        } else if (expression instanceof Expression.OptionalColumn column) {
            return column.name();
        } else if (expression instanceof Expression.Field field) {
            return field.name();
        }
        return expression.toString();
    }

    static Field named(String name, Field field) {
        FieldType type = new FieldType(field.isNullable(), field.getType(), field.getDictionary(), field.getMetadata());
        return new Field(name, type, field.getChildren());
    }
}
