package io.solstice.worker.join;

import io.solstice.api.operator.JoinOperator;
import io.solstice.api.row.Row;
import io.solstice.api.window.Windows;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Cases of which each follows from a seed. Times are whole milliseconds, small enough that rows meet. */
final class RandomCase {
    private static final ArrowType INT64 = new ArrowType.Int(64, true);
    private static final List<ArrowType> KEYS = List.of(
            INT64,
            INT64,
            ArrowType.Utf8.INSTANCE,
            new ArrowType.Int(32, true),
            new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE),
            ArrowType.Bool.INSTANCE,
            ArrowType.LargeUtf8.INSTANCE,
            new ArrowType.Decimal(12, 2, 128),
            new ArrowType.Date(DateUnit.DAY),
            ArrowType.Utf8View.INSTANCE);
    private static final List<ArrowType> TIMES = List.of(
            new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"),
            new ArrowType.Timestamp(TimeUnit.MILLISECOND, null),
            new ArrowType.Timestamp(TimeUnit.NANOSECOND, "UTC"),
            INT64);

    private final Random random;
    private final List<List<Field>> fields = List.of(new ArrayList<>(), new ArrayList<>());
    private final List<ArrowType> keyTypes = new ArrayList<>();
    private final List<List<String>> keyNames = List.of(new ArrayList<>(), new ArrayList<>());
    private final int different;
    private final int most;
    private long numbered;

    private RandomCase(long seed, int most) {
        this.most = most;
        random = new Random(seed * 31 + 11);
        different = 1 + random.nextInt(5);
    }

    static Case of(long seed) {
        return new RandomCase(seed, 25).build();
    }

    /** Of so many steps that what is kept is moved together now and then. */
    static Case longOf(long seed) {
        return new RandomCase(seed, 500).build();
    }

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), null);
    }

    private Case build() {
        JoinOperator join = switch (random.nextInt(4)) {
            case 0 -> JoinOperator.inner("left", "right");
            case 1 -> JoinOperator.left("left", "right");
            case 2 -> JoinOperator.right("left", "right");
            default -> JoinOperator.full("left", "right");
        };
        for (int i = random.nextInt(3) / 2; i >= 0; i--) {
            ArrowType type = KEYS.get(random.nextInt(KEYS.size()));
            String left = "k" + i;
            String right = random.nextBoolean() ? left : "r" + i;
            keyTypes.add(type);
            keyNames.get(0).add(left);
            keyNames.get(1).add(right);
            fields.get(0).add(field(left, type));
            fields.get(1).add(field(right, type));
            join = join.on(left, right);
        }
        ArrowType leftTime = TIMES.get(random.nextInt(TIMES.size()));
        ArrowType rightTime = TIMES.get(random.nextInt(TIMES.size()));
        fields.get(0).add(field("event_time", leftTime));
        fields.get(1).add(random.nextInt(2), field("at", rightTime));
        fields.get(0).add(field("n", INT64));
        fields.get(1).add(field(random.nextBoolean() ? "n" : "m", INT64));
        fields.get(1).add(field("s", random.nextBoolean() ? ArrowType.Utf8.INSTANCE : ArrowType.Utf8View.INSTANCE));
        join = scope(join).time("event_time", "at");
        return new Case(join, new Schema(fields.get(0)), new Schema(fields.get(1)), steps(join.scope()));
    }

    private JoinOperator scope(JoinOperator join) {
        return switch (random.nextInt(6)) {
            case 0 -> join;
            case 5 -> join.kind().keepsRight() ? join : join.lookup();
            case 1 -> join.window(Windows.tumbling(millis(1 + random.nextInt(15))));
            case 2 -> {
                int slide = 1 + random.nextInt(8);
                yield join.window(Windows.sliding(millis(slide + random.nextInt(15)), millis(slide)));
            }
            case 3 -> {
                int from = random.nextInt(20) - 12;
                yield join.between(millis(from), millis(from + random.nextInt(12)));
            }
            default -> join.keepFor(millis(1 + random.nextInt(20)));
        };
    }

    private static Duration millis(long count) {
        return Duration.ofMillis(count);
    }

    private List<Case.Step> steps(JoinOperator.Scope scope) {
        List<Case.Step> steps = new ArrayList<>();
        int count = 3 + random.nextInt(most);
        int disorder = 1 + random.nextInt(25);
        long now = random.nextInt(100) - 50;
        long mark = Long.MIN_VALUE;
        boolean[] ended = new boolean[2];
        for (int i = 0; i < count && !(ended[0] && ended[1]); i++) {
            switch (random.nextInt(11)) {
                case 0 -> {
                    if (random.nextInt(most / 20) == 0) {
                        steps.add(new Case.Restore(1 + random.nextInt(4)));
                    }
                }
                case 1, 2, 3 -> {
                    mark = Math.max(mark, now - random.nextInt(disorder));
                    steps.add(new Case.Mark(mark * 1_000));
                }
                case 4 -> steps.add(new Case.Tick(random.nextInt(12)));
                case 5 -> {
                    int input = random.nextInt(2);
                    if (random.nextInt(most / 8) == 0 && !ended[0] && !ended[1]) {
                        ended[input] = true;
                        steps.add(new Case.EndOfInput(input));
                    }
                }
                default -> {
                    int input = ended[0] ? 1 : ended[1] ? 0 : random.nextInt(2);
                    List<Row> rows = new ArrayList<>();
                    for (int n = random.nextInt(random.nextInt(6) == 0 ? 60 : 8); n >= 0; n--) {
                        now += random.nextInt(3) * random.nextInt(2);
                        rows.add(row(input, now - random.nextInt(disorder)));
                    }
                    steps.add(new Case.Rows(input, rows));
                }
            }
        }
        steps.add(new Case.End());
        return steps;
    }

    private Row row(int input, long millis) {
        Row row = Row.EMPTY;
        for (Field field : fields.get(input)) {
            String name = field.getName();
            int key = keyNames.get(input).indexOf(name);
            Object value;
            if (key >= 0) {
                value = random.nextInt(9) == 0 ? null : key(keyTypes.get(key), random.nextInt(different));
            } else if (name.equals("s")) {
                value = random.nextInt(5) == 0 ? null : "s".repeat(random.nextInt(30));
            } else if (name.equals("event_time") || name.equals("at")) {
                value = random.nextInt(30) == 0 ? null : time(field.getType(), millis);
            } else {
                value = numbered++;
            }
            row = row.with(name, value);
        }
        return row;
    }

    private static Object time(ArrowType type, long millis) {
        Instant instant = Instant.EPOCH.plusMillis(millis);
        if (type instanceof ArrowType.Timestamp stamp) {
            return stamp.getTimezone() == null ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC) : instant;
        }
        return millis * 1_000;
    }

    private Object key(ArrowType type, int which) {
        if (type instanceof ArrowType.Decimal) {
            return BigDecimal.valueOf(which * 37L - 50, 2);
        } else if (type instanceof ArrowType.Date) {
            return LocalDate.ofEpochDay(which - 2);
        } else if (type instanceof ArrowType.Utf8
                || type instanceof ArrowType.LargeUtf8
                || type instanceof ArrowType.Utf8View) {
            return which == 0 ? "" : "the key of number " + which;
        } else if (type instanceof ArrowType.Bool) {
            return which % 2 == 0;
        } else if (type instanceof ArrowType.FloatingPoint) {
            return which == 0 ? (random.nextBoolean() ? 0.0 : -0.0) : which == 1 ? Double.NaN : which / 2.0;
        }
        return INT64.equals(type) ? (Object) (which * 0x1_0000_0000L) : (Object) (which * -1_000_003);
    }
}
