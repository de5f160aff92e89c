package io.solstice.api.window;

import io.solstice.api.window.Aggregate.Kind;
import io.solstice.common.error.ErrorCode;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * The aggregates. Each skips rows in which its column is null, and is null itself if no row is left; counts are 0 then.
 * The result is named like {@code sum_price} unless {@link Aggregate#as} gives another name.
 */
public final class Aggregates {
    private Aggregates() {}

    /** How many rows there are (int64). */
    public static Aggregate count() {
        return new Aggregate(Kind.COUNT, "", "count", 0, null);
    }

    /** In how many rows the column has a value (int64). */
    public static Aggregate count(String column) {
        return of(Kind.COUNT_VALUES, "count", column, 0);
    }

    /**
     * The sum: int64 of whole numbers, which fails rather than overflow, float64 of floats, a decimal of 38 digits of
     * decimals.
     */
    public static Aggregate sum(String column) {
        return of(Kind.SUM, "sum", column, 0);
    }

    /** The smallest value, of the column's type. Texts and bytes are compared byte by byte; no number is below NaN. */
    public static Aggregate min(String column) {
        return of(Kind.MIN, "min", column, 0);
    }

    /** The greatest value, of the column's type; NaN is greater than every number. */
    public static Aggregate max(String column) {
        return of(Kind.MAX, "max", column, 0);
    }

    /** The mean (float64). */
    public static Aggregate avg(String column) {
        return of(Kind.AVG, "avg", column, 0);
    }

    /** The value with the earliest time; without windows, the one that came first. Of equal times the first that came. */
    public static Aggregate first(String column) {
        return of(Kind.FIRST, "first", column, 0);
    }

    /** The value with the latest time; without windows, the one that came last. Of equal times the last that came. */
    public static Aggregate last(String column) {
        return of(Kind.LAST, "last", column, 0);
    }

    /** How many different values there are, exactly (int64). Keeps each of them. */
    public static Aggregate distinct(String column) {
        return of(Kind.DISTINCT, "distinct", column, 0);
    }

    /** About how many different values there are (int64), within some 2 %, in a few kilobytes for each key. */
    public static Aggregate approxDistinct(String column) {
        return of(Kind.APPROX_DISTINCT, "approx_distinct", column, 0);
    }

    /**
     * About the value of that rank (float64), for example 0.99, within some 1.5 % of rank.
     *
     * @param rank from 0 to 1
     */
    public static Aggregate quantile(String column, double rank) {
        if (!(rank >= 0 && rank <= 1)) {
            throw ErrorCode.OPTION_INVALID
                    .error("a quantile of rank " + rank + " is not possible")
                    .where("Aggregates.quantile")
                    .help("choose a rank from 0 to 1")
                    .toException();
        }
        return of(Kind.QUANTILE, "quantile", column, rank);
    }

    /** The {@code n} greatest values, greatest first, as a list. */
    public static Aggregate top(int n, String column) {
        if (n < 1) {
            throw ErrorCode.OPTION_INVALID
                    .error("the top " + n + " values are not possible")
                    .where("Aggregates.top")
                    .help("ask for at least 1")
                    .toException();
        }
        return of(Kind.TOP, "top", column, n);
    }

    /**
     * The {@code n} values with the latest times, oldest first, as a list; without windows, those that came last. Of
     * equal times the greater value is later.
     */
    public static Aggregate latest(int n, String column) {
        if (n < 1) {
            throw ErrorCode.OPTION_INVALID
                    .error("the latest " + n + " values are not possible")
                    .where("Aggregates.latest")
                    .help("ask for at least 1")
                    .toException();
        }
        return of(Kind.LATEST, "latest", column, n);
    }

    /**
     * What other columns have in the row with the greatest value of a column: the value of the one that is named, or a
     * struct of several, null where they are null. Of rows with the same greatest value it is the one with the earliest
     * time, or without windows the one that came first; of the same time, the one whose results are least.
     */
    public static Aggregate maxBy(String column, String... results) {
        return by(Kind.MAX_BY, "max_by", column, results);
    }

    /** Like {@link #maxBy}, of the row with the least value of a column. */
    public static Aggregate minBy(String column, String... results) {
        return by(Kind.MIN_BY, "min_by", column, results);
    }

    private static Aggregate by(Kind kind, String prefix, String column, String... results) {
        List<String> wanted = List.of(results);
        if (wanted.isEmpty() || Set.copyOf(wanted).size() < wanted.size()) {
            throw ErrorCode.OPTION_INVALID
                    .error("the results " + wanted + " of a row with the greatest or least '" + column
                            + "' are not possible")
                    .where("Aggregates." + (kind == Kind.MAX_BY ? "maxBy" : "minBy"))
                    .cause("expected one column or more, each once")
                    .help("name what you want to know of that row: Aggregates.maxBy(\"price\", \"bidder\")")
                    .toException();
        }
        return new Aggregate(kind, column, prefix + "_" + column, 0, null, wanted);
    }

    /** All values as a list, in no order that can be relied on. Keeps each of them. */
    public static Aggregate collect(String column) {
        return of(Kind.COLLECT, "collect", column, 0);
    }

    /**
     * One of one's own. Must be named with {@link Aggregate#as}, or is named {@code custom}.
     *
     * @param result the type of its result
     */
    public static Aggregate custom(ArrowType result, CustomAggregate function) {
        return new Aggregate(Kind.CUSTOM, "", "custom", 0, new Aggregate.Custom(function, result));
    }

    private static Aggregate of(Kind kind, String prefix, String column, double parameter) {
        return new Aggregate(kind, column, prefix + "_" + column, parameter, null);
    }
}
