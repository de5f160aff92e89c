package io.solstice.connector.parquet;

import io.solstice.api.expr.BinaryOperator;
import io.solstice.api.expr.Expression;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Turns conditions into DuckDB's SQL where they mean exactly the same there, which is then the whole condition or
 * nothing. DuckDB takes NaN for the greatest number and for equal to itself, IEEE 754 takes it for neither, so NaN is
 * kept apart.
 */
final class FilterSql {
    /** Whole numbers up to this have an exact float64. */
    private static final long EXACT_IN_DOUBLE = 1L << 53;

    private final Schema schema;

    FilterSql(Schema schema) {
        this.schema = schema;
    }

    /** The condition in SQL, or nothing where the engine must filter. */
    Optional<String> render(Expression condition) {
        if (condition instanceof Expression.Binary binary && binary.operator().isLogical()) {
            return render(binary.left())
                    .flatMap(left -> render(binary.right())
                            .map(right -> "(" + left + " " + binary.operator().symbol() + " " + right + ")"));
        }
        if (condition instanceof Expression.Binary binary && binary.operator().isComparison()) {
            return comparison(binary);
        }
        if (condition instanceof Expression.Not not) {
            return render(not.operand()).map(operand -> "(NOT " + operand + ")");
        }
        if (condition instanceof Expression.IsNull isNull) {
            return field(isNull.operand()).map(field -> "(" + name(field) + " IS NULL)");
        }
        if (condition instanceof Expression.In in) {
            return in(in);
        }
        return field(condition)
                .filter(field -> field.getType() instanceof ArrowType.Bool)
                .map(FilterSql::name);
    }

    private Optional<String> comparison(Expression.Binary binary) {
        if (binary.left() instanceof Expression.Literal && binary.right() instanceof Expression.Column) {
            return comparison(new Expression.Binary(mirrored(binary.operator()), binary.right(), binary.left()));
        }
        Optional<Field> column = field(binary.left());
        if (column.isEmpty() || !(binary.right() instanceof Expression.Literal value)) {
            return Optional.empty();
        }
        Field field = column.get();
        BinaryOperator operator = binary.operator();
        if (isFloat(field) && operator == BinaryOperator.NOT_EQUAL) {
            return Optional.empty();
        }
        boolean ordered = operator != BinaryOperator.EQUAL && operator != BinaryOperator.NOT_EQUAL;
        if (ordered && (field.getType() instanceof ArrowType.Utf8 || field.getType() instanceof ArrowType.Bool)) {
            return Optional.empty();
        }
        boolean keepsNan = operator == BinaryOperator.GREATER || operator == BinaryOperator.GREATER_OR_EQUAL;
        return literal(field, value).map(literal -> {
            String plain = "(" + name(field) + " " + operator.symbol() + " " + literal + ")";
            return isFloat(field) && keepsNan ? "(" + plain + " AND NOT isnan(" + name(field) + "))" : plain;
        });
    }

    private static BinaryOperator mirrored(BinaryOperator operator) {
        return switch (operator) {
            case LESS -> BinaryOperator.GREATER;
            case LESS_OR_EQUAL -> BinaryOperator.GREATER_OR_EQUAL;
            case GREATER -> BinaryOperator.LESS;
            case GREATER_OR_EQUAL -> BinaryOperator.LESS_OR_EQUAL;
            default -> operator;
        };
    }

    private Optional<String> in(Expression.In in) {
        Optional<Field> column = field(in.operand());
        if (column.isEmpty() || in.values().isEmpty()) {
            return Optional.empty();
        }
        List<String> values = new ArrayList<>();
        for (Expression.Literal value : in.values()) {
            literal(column.get(), value).ifPresent(values::add);
        }
        return values.size() == in.values().size()
                ? Optional.of(
                        values.stream().collect(Collectors.joining(", ", "(" + name(column.get()) + " IN (", "))")))
                : Optional.empty();
    }

    /** The literal in SQL if it is of the column's own type, so that nothing is converted on either side. */
    private static Optional<String> literal(Field field, Expression.Literal literal) {
        ArrowType type = field.getType();
        Object value = literal.value();
        if (value instanceof Long number && type instanceof ArrowType.Int) {
            return Optional.of(Long.toString(number));
        }
        if (value instanceof Number number && isFloat(field)) {
            return floating(number);
        }
        if (value instanceof String text && type instanceof ArrowType.Utf8 && text.indexOf('\0') < 0) {
            return Optional.of(DuckDatabase.quote(text));
        }
        if (value instanceof Boolean flag && type instanceof ArrowType.Bool) {
            return Optional.of(flag ? "TRUE" : "FALSE");
        }
        if (value instanceof LocalDate day && type instanceof ArrowType.Date date && date.getUnit() == DateUnit.DAY) {
            return usualYear(day.getYear(), "DATE '" + day + "'");
        }
        if (value instanceof Instant instant
                && type instanceof ArrowType.Timestamp timestamp
                && timestamp.getTimezone() != null
                && timestamp.getUnit() == TimeUnit.MICROSECOND
                && instant.getNano() % 1000 == 0) {
            int year = instant.atZone(ZoneOffset.UTC).getYear();
            return usualYear(year, "TIMESTAMPTZ '" + instant.toString().replace("Z", "+00") + "'");
        }
        return Optional.empty();
    }

    private static Optional<String> floating(Number number) {
        boolean exact =
                number instanceof Double || (number instanceof Long whole && Math.abs(whole) <= EXACT_IN_DOUBLE);
        double value = number.doubleValue();
        return exact && Double.isFinite(value) ? Optional.of("CAST('" + value + "' AS DOUBLE)") : Optional.empty();
    }

    private static Optional<String> usualYear(int year, String sql) {
        return year >= 1 && year <= 9999 ? Optional.of(sql) : Optional.empty();
    }

    private static boolean isFloat(Field field) {
        return field.getType() instanceof ArrowType.FloatingPoint floating
                && floating.getPrecision() == FloatingPointPrecision.DOUBLE;
    }

    private Optional<Field> field(Expression expression) {
        if (!(expression instanceof Expression.Column column)) {
            return Optional.empty();
        }
        return schema.getFields().stream()
                .filter(field -> field.getName().equals(column.name()))
                .findFirst();
    }

    private static String name(Field field) {
        return DuckDatabase.quoteName(field.getName());
    }
}
