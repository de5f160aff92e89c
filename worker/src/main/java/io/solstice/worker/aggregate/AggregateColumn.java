package io.solstice.worker.aggregate;

import io.solstice.api.window.Aggregate;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * An {@link Aggregate} bound to the type of its column.
 *
 * @param lane which kind of lane it reads
 * @param output the column of the result
 * @param accumulators makes one; told whether a group may have no row
 */
public record AggregateColumn(
        Aggregate definition, Lane.Kind lane, Field output, Function<Boolean, Accumulator> accumulators) {

    /** Refuses a column that is not there or of which the aggregate makes no sense. */
    public static AggregateColumn of(Aggregate definition, Schema input) {
        String name = definition.name();
        switch (definition.kind()) {
            case COUNT -> {
                return new AggregateColumn(definition, Lane.Kind.WHOLE, Types.int64(name), empty -> new Counts(false));
            }
            case CUSTOM -> {
                Aggregate.Custom custom = Objects.requireNonNull(definition.custom());
                return objects(
                        definition,
                        Types.of(name, custom.result(), List.of()),
                        new Gatherings.Users(custom.function()));
            }
            default -> {
                Field column = input.getFields().get(Batch.indexOf(input, definition.column()));
                return definition.results().isEmpty()
                        ? ofColumn(definition, name, column, Lane.kindOf(column))
                        : leading(definition, column, input);
            }
        }
    }

    /** Whether the order of the rows decides. */
    public boolean isOrdered() {
        return switch (definition.kind()) {
            case FIRST, LAST, LATEST, MAX_BY, MIN_BY -> true;
            default -> false;
        };
    }

    /** Whether it adds up whole numbers, which may overflow. */
    public boolean isWholeSum() {
        return lane == Lane.Kind.WHOLE
                && (definition.kind() == Aggregate.Kind.SUM || definition.kind() == Aggregate.Kind.AVG);
    }

    private static AggregateColumn ofColumn(Aggregate definition, String name, Field column, Lane.Kind lane) {
        Field same = Types.like(name, column);
        return switch (definition.kind()) {
            case COUNT, CUSTOM, MAX_BY, MIN_BY -> throw new IllegalStateException(definition + " is not of one column");
            case COUNT_VALUES -> new AggregateColumn(definition, lane, Types.int64(name), empty -> new Counts(true));
            case SUM -> sum(definition, name, column, lane);
            case AVG -> average(definition, name, column, lane);
            case MIN -> extreme(definition, same, column, lane, false);
            case MAX -> extreme(definition, same, column, lane, true);
            case FIRST -> new AggregateColumn(definition, lane, same, empty -> new Edge(false, same));
            case LAST -> new AggregateColumn(definition, lane, same, empty -> new Edge(true, same));
            case DISTINCT -> objects(definition, Types.int64(name), new Gatherings.Distinct(flat(definition, column)));
            case APPROX_DISTINCT -> {
                flat(definition, column);
                Sketches.requireJava();
                yield objects(definition, Types.int64(name), new Sketches.Distinct());
            }
            case QUANTILE -> {
                if (lane == Lane.Kind.OBJECT && !(column.getType() instanceof ArrowType.Decimal) || !isNumber(column)) {
                    throw unfit(definition, column, "a number");
                }
                Sketches.requireJava();
                yield objects(definition, Types.float64(name), new Sketches.Quantile(definition.parameter()));
            }
            case TOP ->
                objects(
                        definition,
                        Types.listOf(name, column),
                        new Gatherings.Listed(
                                ordered(definition, column), (int) definition.parameter(), ValueOrder.RISING));
            case LATEST -> {
                Field item = ordered(definition, column);
                int most = (int) definition.parameter();
                yield new AggregateColumn(
                        definition, Lane.Kind.OBJECT, Types.listOf(name, column), empty -> new Latest(most, item));
            }
            case COLLECT ->
                objects(definition, Types.listOf(name, column), new Gatherings.Listed(column, Integer.MAX_VALUE, null));
        };
    }

    private static AggregateColumn sum(Aggregate definition, String name, Field column, Lane.Kind lane) {
        if (column.getType() instanceof ArrowType.Decimal decimal) {
            Field output = Types.of(name, new ArrowType.Decimal(38, decimal.getScale(), 128), List.of());
            return objects(definition, output, new Gatherings.DecimalSum(decimal.getScale(), false));
        }
        if (!isNumber(column)) {
            throw unfit(definition, column, "a number");
        }
        return lane == Lane.Kind.WHOLE
                ? new AggregateColumn(
                        definition,
                        lane,
                        Types.int64(name),
                        empty -> WholeNumber.sum(Types.int64(name), definition.column(), empty))
                : new AggregateColumn(
                        definition,
                        lane,
                        Types.float64(name),
                        empty -> new RealNumber(RealNumber.Kind.SUM, Types.float64(name), empty));
    }

    private static AggregateColumn average(Aggregate definition, String name, Field column, Lane.Kind lane) {
        Field output = Types.float64(name);
        if (column.getType() instanceof ArrowType.Decimal decimal) {
            return objects(definition, output, new Gatherings.DecimalSum(decimal.getScale(), true));
        }
        if (!isNumber(column)) {
            throw unfit(definition, column, "a number");
        }
        return new AggregateColumn(
                definition,
                lane,
                output,
                empty -> lane == Lane.Kind.WHOLE ? Average.ofWhole(definition.column(), empty) : Average.ofReal(empty));
    }

    private static AggregateColumn extreme(
            Aggregate definition, Field output, Field column, Lane.Kind lane, boolean greatest) {
        ordered(definition, column);
        return switch (lane) {
            case WHOLE ->
                new AggregateColumn(
                        definition,
                        lane,
                        output,
                        empty -> greatest ? WholeNumber.max(output, empty) : WholeNumber.min(output, empty));
            case REAL -> {
                RealNumber.Kind kind = greatest ? RealNumber.Kind.MAX : RealNumber.Kind.MIN;
                yield new AggregateColumn(definition, lane, output, empty -> new RealNumber(kind, output, empty));
            }
            case OBJECT -> {
                Comparator<Object> order = greatest ? ValueOrder.RISING : ValueOrder.RISING.reversed();
                yield objects(definition, output, new Gatherings.Extreme(column, order));
            }
        };
    }

    private static AggregateColumn leading(Aggregate definition, Field column, Schema input) {
        List<Field> results = definition.results().stream()
                .map(name -> input.getFields().get(Batch.indexOf(input, name)))
                .toList();
        results.forEach(result -> kept(definition, result));
        Field output = results.size() == 1
                ? Types.like(definition.name(), results.get(0))
                : Types.of(definition.name(), ArrowType.Struct.INSTANCE, results);
        Field measure = ordered(definition, column);
        boolean greatest = definition.kind() == Aggregate.Kind.MAX_BY;
        return new AggregateColumn(
                definition, Lane.kindOf(column), output, empty -> new Leading(greatest, measure, output));
    }

    /** Refuses a column whose values rows do not hold. */
    private static void kept(Aggregate definition, Field column) {
        boolean fits = switch (column.getType().getTypeID()) {
            case Int ->
                column.getType() instanceof ArrowType.Int type && (type.getIsSigned() || type.getBitWidth() < 64);
            case FloatingPoint, Bool, Utf8, LargeUtf8, Utf8View, Binary, LargeBinary, BinaryView -> true;
            case FixedSizeBinary, Date, Time, Timestamp, Duration, Decimal, Null -> true;
            case Struct, List, LargeList, FixedSizeList, Map -> true;
            default -> false;
        };
        if (!fits) {
            throw unfit(definition, column, "a type that rows can hold");
        }
        column.getChildren().forEach(child -> kept(definition, child));
    }

    private static AggregateColumn objects(Aggregate definition, Field output, Gathering<?> gathering) {
        return new AggregateColumn(definition, Lane.Kind.OBJECT, output, empty -> new Gathered<>(gathering));
    }

    private static boolean isNumber(Field column) {
        return column.getType() instanceof ArrowType.Decimal
                || column.getType() instanceof ArrowType.FloatingPoint
                || column.getType() instanceof ArrowType.Int type && (type.getIsSigned() || type.getBitWidth() < 64);
    }

    /** A column whose values have an order. */
    private static Field ordered(Aggregate definition, Field column) {
        if (column.getType() instanceof ArrowType.Int type && !type.getIsSigned() && type.getBitWidth() == 64) {
            throw unfit(definition, column, "anything but an unsigned number of 64 bits");
        }
        return flat(definition, column);
    }

    /** A column whose values are no lists, maps or structs. */
    private static Field flat(Aggregate definition, Field column) {
        return switch (column.getType().getTypeID()) {
            case Int, FloatingPoint, Bool, Utf8, LargeUtf8, Utf8View, Binary, LargeBinary, BinaryView -> column;
            case FixedSizeBinary, Date, Time, Timestamp, Duration, Decimal -> column;
            default -> throw unfit(definition, column, "a number, text, boolean, date, time or bytes");
        };
    }

    private static SolsticeException unfit(Aggregate definition, Field column, String expected) {
        String kind = definition.kind().name().toLowerCase(Locale.ROOT);
        return ErrorCode.TYPE_MISMATCH
                .error("column '" + column.getName() + "' has no " + kind)
                .where("aggregate '" + definition.name() + "'")
                .cause("found " + column.getType() + ", expected " + expected)
                .help("choose another column, or convert it with MapOperator.withColumns before")
                .toException();
    }
}
