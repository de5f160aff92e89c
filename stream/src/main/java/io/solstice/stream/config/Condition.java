package io.solstice.stream.config;

import static io.solstice.api.expr.Expressions.col;

import io.solstice.api.expr.Expression;
import io.solstice.stream.config.EventField.Kind;
import java.util.List;

/**
 * What events must be like to come into a pipeline. A field that an event does not have, or has with another type than
 * the value, fulfils no condition but {@code exists: false}.
 *
 * @param values one, or several for {@code in}; all of one type
 */
public record Condition(EventField field, Operation operation, List<Object> values) {
    /** Comparisons, by the names that documents use in small letters. */
    public enum Operation {
        EQ,
        NE,
        LT,
        LE,
        GT,
        GE,
        IN,
        CONTAINS,
        STARTS_WITH,
        ENDS_WITH,
        EXISTS
    }

    public Condition {
        values = List.copyOf(values);
    }

    static Condition read(Section section) {
        String path = section.requiredText("field", "event_type");
        Operation operation = Names.oneOf(section, "op", Operation.EQ, Operation.values());
        List<Object> values = section.values("value").stream()
                .map(value -> value instanceof Integer small ? (Object) small.longValue() : value)
                .toList();
        section.finish();
        if (values.isEmpty()) {
            throw section.missing("value", "click");
        }
        if (values.size() > 1 && operation != Operation.IN) {
            throw section.invalid("value", values, "one value; a list is for op: in");
        }
        Kind kind = kind(values.get(0));
        boolean mixed = values.stream().anyMatch(value -> kind(value) != kind);
        boolean texts = operation == Operation.CONTAINS
                || operation == Operation.STARTS_WITH
                || operation == Operation.ENDS_WITH;
        if (mixed || texts && kind != Kind.TEXT || operation == Operation.EXISTS && kind != Kind.FLAG) {
            String expected = mixed ? "values of one type" : texts ? "a text" : "true or false";
            throw section.invalid("value", values.size() == 1 ? values.get(0) : values, expected);
        }
        EventField field = EventField.of(path, operation == Operation.EXISTS ? Kind.TEXT : kind);
        Kind column = EventField.COLUMNS.get(field.path());
        if (column != null && operation != Operation.EXISTS && column != kind) {
            throw section.invalid("value", values.get(0), column == Kind.TEXT ? "a text" : "a number");
        }
        return new Condition(field, operation, values);
    }

    private static Kind kind(Object value) {
        return value instanceof Boolean ? Kind.FLAG : value instanceof Number ? Kind.NUMBER : Kind.TEXT;
    }

    /** On the columns that a source gives. */
    public Expression expression() {
        Expression column = col(field.column());
        Object value = values.get(0);
        return switch (operation) {
            case EQ -> column.eq(value);
            case NE -> column.ne(value);
            case LT -> column.lt(value);
            case LE -> column.le(value);
            case GT -> column.gt(value);
            case GE -> column.ge(value);
            case IN -> column.in(values.toArray());
            case CONTAINS -> column.contains(value.toString());
            case STARTS_WITH -> column.startsWith(value.toString());
            case ENDS_WITH -> column.endsWith(value.toString());
            case EXISTS -> value.equals(true) ? column.isNotNull() : column.isNull();
        };
    }
}
