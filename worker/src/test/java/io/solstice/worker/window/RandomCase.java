package io.solstice.worker.window;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.row.Row;
import io.solstice.api.window.Aggregate;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.CustomAggregate;
import io.solstice.api.window.Windows;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Cases of which each follows from a seed. Times are whole milliseconds, small enough that windows meet. */
final class RandomCase {
    static final ArrowType INT64 = new ArrowType.Int(64, true);
    private static final ArrowType FLOAT64 = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    private static final ArrowType INT32 = new ArrowType.Int(32, true);

    /** The sum of the numbers in v, and the number of rows. */
    static final CustomAggregate SPREAD = new CustomAggregate() {
        @Override
        public Row create() {
            return Row.of("sum", 0L, "rows", 0L);
        }

        @Override
        public Row add(Row gathered, Row row) {
            Object value = row.get("v");
            long number = value == null ? 0 : (Long) value;
            return Row.of("sum", gathered.getLong("sum") + number, "rows", gathered.getLong("rows") + 1);
        }

        @Override
        public Row merge(Row one, Row other) {
            return Row.of(
                    "sum",
                    one.getLong("sum") + other.getLong("sum"),
                    "rows",
                    one.getLong("rows") + other.getLong("rows"));
        }

        @Override
        public @Nullable Object result(Row gathered) {
            return gathered.getLong("sum") + "/" + gathered.getLong("rows");
        }
    };

    private static final List<Aggregate> ALL = List.of(
            Aggregates.count(),
            Aggregates.count("v"),
            Aggregates.sum("v"),
            Aggregates.min("v"),
            Aggregates.max("v"),
            Aggregates.avg("v"),
            Aggregates.first("v"),
            Aggregates.last("v"),
            Aggregates.sum("r"),
            Aggregates.min("r"),
            Aggregates.max("r"),
            Aggregates.avg("r"),
            Aggregates.first("r"),
            Aggregates.last("r"),
            Aggregates.min("s"),
            Aggregates.max("s"),
            Aggregates.first("s"),
            Aggregates.last("s"),
            Aggregates.count("s"),
            Aggregates.distinct("s"),
            Aggregates.distinct("v"),
            Aggregates.approxDistinct("s"),
            Aggregates.quantile("v", 0.5),
            Aggregates.top(2, "v"),
            Aggregates.latest(3, "v"),
            Aggregates.latest(2, "s"),
            Aggregates.maxBy("v", "s"),
            Aggregates.minBy("v", "event_time", "r", "s").as("least_v"),
            Aggregates.maxBy("r", "v", "s"),
            Aggregates.minBy("s", "r"),
            Aggregates.collect("s"),
            Aggregates.custom(ArrowType.Utf8.INSTANCE, SPREAD));

    private final Random random;
    private final List<String> keys = new ArrayList<>();
    private final List<Field> fields = new ArrayList<>();

    private RandomCase(long seed) {
        random = new Random(seed * 31 + 7);
    }

    static Case of(long seed) {
        return new RandomCase(seed).build(definition -> true);
    }

    /** One whose rows can be aggregated before they are sent. */
    static Case preAggregated(long seed) {
        return new RandomCase(seed).build(PreAggregation::suits);
    }

    /** One with windows of many slices, and with cuts between all steps. */
    static Case cutOften(long seed) {
        Case some = new RandomCase(seed).build(definition -> definition.window() instanceof Windows.Sliding);
        List<Case.Step> steps = new ArrayList<>();
        for (Case.Step step : some.steps()) {
            steps.add(new Case.Cut());
            steps.add(step instanceof Case.Restore ? new Case.Restore(1) : step);
        }
        return some.with(steps);
    }

    /** One with sessions. */
    static Case sessions(long seed) {
        return new RandomCase(seed).build(definition -> definition.window() instanceof Windows.Session);
    }

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), null);
    }

    private Case build(Predicate<AggregateOperator> wanted) {
        chooseKeys();
        ArrowType time = List.<ArrowType>of(
                        new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"),
                        new ArrowType.Timestamp(TimeUnit.MILLISECOND, null),
                        new ArrowType.Timestamp(TimeUnit.NANOSECOND, "UTC"),
                        INT64)
                .get(random.nextInt(4));
        fields.add(field("event_time", time));
        fields.add(field("v", INT64));
        fields.add(field("r", FLOAT64));
        fields.add(field("s", ArrowType.Utf8.INSTANCE));
        AggregateOperator definition = definition();
        while (!wanted.test(definition)) {
            definition = definition();
        }
        return new Case(definition, new Schema(fields), steps(time));
    }

    private AggregateOperator definition() {
        AggregateOperator definition = AggregateOperator.by(keys.toArray(new String[0]));
        Windows windows = windows();
        if (windows != null) {
            definition = definition.window(windows);
            if (random.nextInt(3) > 0) {
                definition = definition.allowedLateness(millis(random.nextInt(30)));
            }
            if (random.nextInt(4) == 0) {
                definition = definition.earlyEvery(millis(1 + random.nextInt(10)));
            }
        }
        List<Aggregate> aggregates = new ArrayList<>(ALL);
        Collections.shuffle(aggregates, random);
        return definition.aggregate(aggregates.subList(0, 1 + random.nextInt(6)).toArray(new Aggregate[0]));
    }

    private static Duration millis(long count) {
        return Duration.ofMillis(count);
    }

    private void chooseKeys() {
        List<ArrowType> types = List.of(
                INT64,
                ArrowType.Utf8.INSTANCE,
                INT32,
                FLOAT64,
                ArrowType.Bool.INSTANCE,
                ArrowType.LargeUtf8.INSTANCE,
                ArrowType.Utf8View.INSTANCE,
                new ArrowType.Decimal(12, 2, 128),
                new ArrowType.Date(DateUnit.DAY),
                new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"));
        int count = random.nextInt(6) == 0 ? 0 : 1 + random.nextInt(4) / 2;
        for (int i = 0; i < count; i++) {
            keys.add("k" + i);
            fields.add(field("k" + i, types.get(random.nextInt(types.size()))));
        }
    }

    private @Nullable Windows windows() {
        return switch (random.nextInt(7)) {
            case 0, 1 -> Windows.tumbling(millis(1 + random.nextInt(20))).offset(millis(random.nextInt(3) * 5));
            case 2, 3 -> {
                int slide = 1 + random.nextInt(8);
                int size = slide + random.nextInt(25);
                yield Windows.sliding(millis(size), millis(slide)).offset(millis(random.nextInt(2) * 3));
            }
            case 4, 5 -> Windows.session(millis(1 + random.nextInt(8)));
            default -> null;
        };
    }

    private List<Case.Step> steps(ArrowType time) {
        List<Case.Step> steps = new ArrayList<>();
        int count = 3 + random.nextInt(20);
        int disorder = 1 + random.nextInt(40);
        int different = 1 + random.nextInt(6);
        long now = random.nextInt(100) - 50;
        long mark = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(8)) {
                case 0 -> steps.add(new Case.Restore(keys.isEmpty() ? 1 : 1 + random.nextInt(4)));
                case 1, 2, 3 -> {
                    mark = Math.max(mark, now - random.nextInt(disorder));
                    steps.add(new Case.Mark(mark * 1_000));
                }
                default -> {
                    List<Row> rows = new ArrayList<>();
                    for (int n = random.nextInt(12); n >= 0; n--) {
                        now += random.nextInt(3) * random.nextInt(3);
                        rows.add(row(time, now - random.nextInt(disorder), different));
                    }
                    steps.add(new Case.Rows(rows));
                }
            }
        }
        steps.add(new Case.End());
        return steps;
    }

    private Row row(ArrowType type, long millis, int different) {
        Row row = Row.EMPTY;
        for (String key : keys) {
            Field field = fields.stream()
                    .filter(f -> f.getName().equals(key))
                    .findFirst()
                    .orElseThrow();
            row = row.with(key, random.nextInt(8) == 0 ? null : key(field.getType(), random.nextInt(different)));
        }
        Instant instant = Instant.EPOCH.plusMillis(millis);
        Object time = INT64.equals(type)
                ? (Object) (millis * 1_000)
                : ((ArrowType.Timestamp) type).getTimezone() == null
                        ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
                        : instant.truncatedTo(ChronoUnit.MICROS);
        return row.with("event_time", random.nextInt(30) == 0 ? null : time)
                .with("v", random.nextInt(6) == 0 ? null : (long) random.nextInt(20) - 10)
                .with(
                        "r",
                        random.nextInt(6) == 0 ? null : random.nextInt(30) == 0 ? Double.NaN : random.nextInt(9) / 2.0)
                .with("s", random.nextInt(6) == 0 ? null : "s".repeat(random.nextInt(4)) + random.nextInt(3));
    }

    private Object key(ArrowType type, int which) {
        if (type instanceof ArrowType.Decimal) {
            return BigDecimal.valueOf(which * 37L - 50, 2);
        } else if (type instanceof ArrowType.Date) {
            return LocalDate.ofEpochDay(which - 2);
        } else if (type instanceof ArrowType.Timestamp) {
            return Instant.ofEpochSecond(which - 2, 1_000);
        } else if (type instanceof ArrowType.Utf8
                || type instanceof ArrowType.LargeUtf8
                || type instanceof ArrowType.Utf8View) {
            return which == 0 ? "" : "key number " + which;
        } else if (type instanceof ArrowType.Bool) {
            return which % 2 == 0;
        } else if (type instanceof ArrowType.FloatingPoint) {
            return which == 0 ? (random.nextBoolean() ? 0.0 : -0.0) : which == 1 ? Double.NaN : which / 2.0;
        }
        return INT32.equals(type) ? (Object) (which * -1_000_003) : (Object) (which * 0x1_0000_0000L);
    }
}
