package io.solstice.worker.expression;

import io.solstice.api.expr.BinaryOperator;
import io.solstice.api.expr.Expression;
import io.solstice.api.expr.Expression.Function;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeError;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.bytecode.Lane;
import io.solstice.worker.expression.Types.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Turns expressions over one schema into typed trees, putting conversions where the rules of {@link Types} want them.
 */
final class Typing {
    /** Deep enough for conditions that programs write, and far from the end of a thread's stack. */
    private static final int DEEPEST = 500;

    private final Schema schema;
    private int depth;

    Typing(Schema schema) {
        this.schema = schema;
    }

    Typed typed(Expression expression) {
        if (depth >= DEEPEST) {
            throw ErrorCode.NOT_SUPPORTED
                    .error("an expression is nested more than " + DEEPEST + " operations deep")
                    .help("use in(...) for long lists of values, or compute it in several steps")
                    .toException();
        }
        depth++;
        try {
            return node(expression);
        } finally {
            depth--;
        }
    }

    private Typed node(Expression expression) {
        if (expression instanceof Expression.Named named) {
            return typed(named.operand());
        } else if (expression instanceof Expression.Column column) {
            int index = Batch.indexOf(schema, column.name());
            return new Typed.ColumnValue(
                    index, List.of(), unnamed(schema.getFields().get(index), false));
        } else if (expression instanceof Expression.OptionalColumn column) {
            return schema.getFields().stream().anyMatch(field -> field.getName().equals(column.name()))
                    ? typed(new Expression.Column(column.name()))
                    : Literals.constant(null, Types.NULL);
        } else if (expression instanceof Expression.Literal literal) {
            return Literals.constant(literal.value(), Types.NULL);
        } else if (expression instanceof Expression.Field member) {
            return member(member);
        } else if (expression instanceof Expression.Binary binary) {
            return binary(binary);
        } else if (expression instanceof Expression.Not not) {
            Typed operand = truth(not.operand(), not);
            return new Typed.Negation(operand, field(Types.BOOL, operand.nullable()));
        } else if (expression instanceof Expression.IsNull test) {
            return new Typed.NullTest(typed(test.operand()), field(Types.BOOL, false));
        } else if (expression instanceof Expression.In in) {
            return membership(in);
        } else if (expression instanceof Expression.Cast cast) {
            return cast(cast);
        } else if (expression instanceof Expression.If choice) {
            Typed condition = truth(choice.condition(), choice);
            List<Typed> branches = alike(List.of(choice.then(), choice.otherwise()), choice);
            Field field = like(branches, branches.stream().anyMatch(Typed::nullable));
            return new Typed.Choice(condition, branches.get(0), branches.get(1), field);
        }
        return call((Expression.Call) expression);
    }

    private Typed member(Expression.Field expression) {
        Typed struct = typed(expression.struct());
        if (!(struct.type() instanceof ArrowType.Struct)) {
            throw mismatch(expression, expression.struct() + " is " + TypeName.of(struct.type()) + ", not a struct")
                    .toException();
        }
        List<Field> children = struct.field().getChildren();
        List<String> names = children.stream().map(Field::getName).toList();
        int index = names.indexOf(expression.name());
        if (index < 0) {
            throw ErrorCode.COLUMN_UNKNOWN
                    .error("no field '" + expression.name() + "' in " + expression.struct())
                    .help(NearestName.help(expression.name(), names))
                    .toException();
        }
        Field field = unnamed(children.get(index), struct.nullable());
        if (struct instanceof Typed.ColumnValue column) {
            List<Integer> path = new ArrayList<>(column.path());
            path.add(index);
            return new Typed.ColumnValue(column.column(), List.copyOf(path), field);
        }
        return new Typed.Member(struct, index, field);
    }

    private Typed binary(Expression.Binary expression) {
        BinaryOperator operator = expression.operator();
        if (operator.isLogical()) {
            Typed left = truth(expression.left(), expression);
            Typed right = truth(expression.right(), expression);
            Field field = field(Types.BOOL, left.nullable() || right.nullable());
            return new Typed.Logic(operator == BinaryOperator.AND, left, right, field);
        }
        List<Typed> sides = typedTogether(List.of(expression.left(), expression.right()));
        Typed left = orNumber(sides.get(0), sides.get(1));
        Typed right = orNumber(sides.get(1), sides.get(0));
        return operator.isComparison()
                ? comparison(operator, left, right, expression)
                : arithmetic(operator, left, right, expression);
    }

    /** A null literal that met another one has no type; as a number it is null as well. */
    private static Typed orNumber(Typed side, Typed other) {
        boolean untyped = Types.family(side.type()) == Family.NULL;
        boolean both = untyped && Types.family(other.type()) == Family.NULL;
        return both ? convert(side, Types.INT64) : untyped ? convert(side, Types.stored(other.type())) : side;
    }

    private static Typed arithmetic(BinaryOperator operator, Typed left, Typed right, Expression expression) {
        boolean numbers = Types.family(left.type()).isNumber()
                && Types.family(right.type()).isNumber();
        if (!numbers) {
            throw mismatch(expression, both(left, right) + "; arithmetic needs numbers")
                    .toException();
        }
        ArrowType type = Types.arithmetic(operator, left.type(), right.type());
        boolean nullable = left.nullable() || right.nullable();
        if (type instanceof ArrowType.Decimal) {
            return new Typed.Arithmetic(operator, decimal(left), decimal(right), field(type, nullable));
        }
        return new Typed.Arithmetic(operator, convert(left, type), convert(right, type), field(type, nullable));
    }

    /** Decimals are computed exactly in any scale; whole numbers only have to become BigDecimals. */
    private static Typed decimal(Typed number) {
        boolean whole = Types.family(number.type()) == Family.WHOLE;
        return whole ? convert(number, new ArrowType.Decimal(20, 0, 128)) : number;
    }

    private static Typed comparison(BinaryOperator operator, Typed left, Typed right, Expression expression) {
        Field field = field(Types.BOOL, left.nullable() || right.nullable());
        Family family = Types.family(left.type());
        Family other = Types.family(right.type());
        if (family.isNumber() && other.isNumber()) {
            ArrowType type = Types.comparison(left.type(), right.type());
            return type instanceof ArrowType.Decimal
                    ? ordered(operator, decimal(left), decimal(right), 1, field)
                    : ordered(operator, convert(left, type), convert(right, type), 1, field);
        }
        if (family != other || family == Family.OTHER) {
            throw mismatch(expression, both(left, right) + ", which cannot be compared")
                    .help("cast one side to the type of the other")
                    .toException();
        }
        if (!family.isTime()) {
            return ordered(operator, left, right, 1, field);
        }
        long leftNanos = Types.nanosPerUnit(left.type());
        long rightNanos = Types.nanosPerUnit(right.type());
        if (leftNanos == rightNanos) {
            return ordered(operator, left, right, 1, field);
        }
        return leftNanos > rightNanos
                ? new Typed.Comparison(operator, wide(left), wide(right), leftNanos / rightNanos, field)
                : new Typed.Comparison(swapped(operator), wide(right), wide(left), rightNanos / leftNanos, field);
    }

    /** A constant goes to the right, where text comparisons expect it. */
    private static Typed ordered(BinaryOperator operator, Typed left, Typed right, long leftUnits, Field field) {
        return left instanceof Typed.Constant
                ? new Typed.Comparison(swapped(operator), right, left, leftUnits, field)
                : new Typed.Comparison(operator, left, right, leftUnits, field);
    }

    private static Typed wide(Typed time) {
        return time.lane() == Lane.INT ? convert(time, Types.INT64) : time;
    }

    private static BinaryOperator swapped(BinaryOperator operator) {
        return switch (operator) {
            case LESS -> BinaryOperator.GREATER;
            case LESS_OR_EQUAL -> BinaryOperator.GREATER_OR_EQUAL;
            case GREATER -> BinaryOperator.LESS;
            case GREATER_OR_EQUAL -> BinaryOperator.LESS_OR_EQUAL;
            default -> operator;
        };
    }

    /** Long lists of whole numbers and texts are looked up; anything else is a chain of comparisons. */
    private Typed membership(Expression.In expression) {
        Typed operand = typed(expression.operand());
        List<Object> values = new ArrayList<>();
        boolean orNull = false;
        for (Expression.Literal literal : expression.values()) {
            if (literal.value() == null) {
                orNull = true;
            } else if (!values.contains(literal.value())) {
                values.add(literal.value());
            }
        }
        if (expression.values().isEmpty()) {
            Typed test = new Typed.NullTest(operand, field(Types.BOOL, false));
            return new Typed.Logic(true, Literals.of(Types.BOOL, false), test, field(Types.BOOL, false));
        }
        Family family = Types.family(operand.type());
        Field field = field(Types.BOOL, operand.nullable() || orNull);
        if (family == Family.WHOLE && values.stream().allMatch(Long.class::isInstance)) {
            return new Typed.Membership(convert(operand, Types.INT64), List.copyOf(values), orNull, field);
        } else if (family == Family.TEXT && values.stream().allMatch(String.class::isInstance)) {
            return new Typed.Membership(operand, List.copyOf(values), orNull, field);
        }
        Typed any = Literals.of(Types.BOOL, false);
        for (Expression.Literal literal : expression.values()) {
            Typed constant = Literals.constant(literal.value(), operand.type());
            Typed equal = comparison(BinaryOperator.EQUAL, operand, constant, expression);
            any = new Typed.Logic(false, any, equal, field);
        }
        return any;
    }

    private Typed cast(Expression.Cast expression) {
        Typed operand = typed(expression.operand());
        if (!Conversions.areAllowed(operand.type(), expression.type())) {
            throw mismatch(
                            expression,
                            expression.operand() + " is " + TypeName.of(operand.type()) + ", which cannot become "
                                    + TypeName.of(expression.type()))
                    .toException();
        }
        return convert(operand, expression.type());
    }

    private Typed call(Expression.Call expression) {
        Function function = expression.function();
        if (function == Function.COALESCE) {
            List<Typed> operands = alike(expression.arguments(), expression);
            return new Typed.FirstPresent(
                    operands, like(operands, operands.stream().allMatch(Typed::nullable)));
        }
        List<Typed> arguments = new ArrayList<>();
        for (Expression argument : expression.arguments()) {
            Typed typed = typed(argument);
            boolean number = function.compareTo(Function.CEIL) <= 0;
            Family family = Types.family(typed.type());
            if (family == Family.NULL) {
                typed = convert(typed, number ? Types.INT64 : Types.UTF8);
            } else if (number ? !family.isNumber() : family != Family.TEXT) {
                throw mismatch(
                                expression,
                                argument + " is " + TypeName.of(typed.type()) + ", where "
                                        + (number ? "a number" : "a text") + " is needed")
                        .toException();
            }
            arguments.add(typed);
        }
        boolean nullable = arguments.stream().anyMatch(Typed::nullable);
        ArrowType first = arguments.get(0).type();
        ArrowType type = switch (function) {
            case ABS ->
                Types.family(first) == Family.WHOLE
                        ? Types.arithmetic(BinaryOperator.PLUS, first, first)
                        : Types.stored(first);
            case FLOOR, CEIL -> Types.stored(first);
            case LENGTH -> Types.INT32;
            case LOWER, UPPER, CONCAT, COALESCE -> Types.UTF8;
            case CONTAINS, STARTS_WITH, ENDS_WITH -> Types.BOOL;
        };
        if (function == Function.ABS) {
            arguments.set(0, convert(arguments.get(0), type));
        }
        return new Typed.FunctionCall(function, List.copyOf(arguments), field(type, nullable));
    }

    private Typed truth(Expression operand, Expression whole) {
        Typed typed = typed(operand);
        if (Types.family(typed.type()) == Family.NULL) {
            return convert(typed, Types.BOOL);
        }
        if (typed.lane() != Lane.BIT) {
            throw mismatch(whole, operand + " is " + TypeName.of(typed.type()) + ", where true or false is needed")
                    .toException();
        }
        return typed;
    }

    /** The expressions in their common type. */
    private List<Typed> alike(List<Expression> expressions, Expression whole) {
        List<Typed> sides = typedTogether(expressions);
        ArrowType type = Types.NULL;
        for (Typed side : sides) {
            Optional<ArrowType> common = Types.common(type, side.type());
            boolean sameShape = Types.family(type) != Family.OTHER
                    || Types.family(side.type()) == Family.NULL
                    || side.field().getChildren().equals(like(sides, true).getChildren());
            if (common.isEmpty() || !sameShape) {
                throw mismatch(whole, "it would be both " + TypeName.of(type) + " and " + TypeName.of(side.type()))
                        .help("cast one of them to the type of the other")
                        .toException();
            }
            type = common.get();
        }
        ArrowType common = type;
        return sides.stream().map(side -> convert(side, common)).toList();
    }

    /** Types the expressions; literals take the type of the first that is not one. */
    private List<Typed> typedTogether(List<Expression> expressions) {
        List<Typed> all = new ArrayList<>();
        ArrowType near = Types.NULL;
        for (Expression expression : expressions) {
            Typed side = typed(expression);
            if (!(expression instanceof Expression.Literal) && Types.family(near) == Family.NULL) {
                near = side.type();
            }
            all.add(side);
        }
        for (int i = 0; i < all.size(); i++) {
            if (expressions.get(i) instanceof Expression.Literal literal) {
                all.set(i, Literals.constant(literal.value(), near));
            }
        }
        return all;
    }

    private static Typed convert(Typed from, ArrowType type) {
        if (from.type().equals(type)) {
            return from;
        }
        if (from instanceof Typed.Constant constant && (constant.value() == null || !canFail(constant, type))) {
            Object value = constant.value();
            return Literals.of(type, value == null ? null : Conversions.convert(value, from.type(), type));
        }
        return new Typed.Conversion(from, field(type, from.nullable()));
    }

    private static boolean canFail(Typed.Constant constant, ArrowType type) {
        return Conversions.canFail(constant.type(), type);
    }

    /** A field of the operands' common type, with the children of the first that has any. */
    private static Field like(List<Typed> operands, boolean nullable) {
        Field shape = operands.stream()
                .map(Typed::field)
                .filter(field -> !field.getChildren().isEmpty())
                .findFirst()
                .orElse(operands.get(0).field());
        return new Field("", new FieldType(nullable, operands.get(0).type(), null), shape.getChildren());
    }

    private static Field field(ArrowType type, boolean nullable) {
        return new Field("", new FieldType(nullable, type, null), List.of());
    }

    private static Field unnamed(Field field, boolean parentNullable) {
        FieldType type = new FieldType(
                field.isNullable() || parentNullable, field.getType(), field.getDictionary(), field.getMetadata());
        return new Field("", type, field.getChildren());
    }

    private static String both(Typed left, Typed right) {
        return "the left side is " + TypeName.of(left.type()) + ", the right side is " + TypeName.of(right.type());
    }

    private static SolsticeError mismatch(Expression expression, String cause) {
        return ErrorCode.TYPE_MISMATCH.error("cannot compute " + expression).cause(cause);
    }
}
