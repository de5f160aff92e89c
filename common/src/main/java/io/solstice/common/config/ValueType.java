package io.solstice.common.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a setting's text becomes a value, and back.
 *
 * @param javaType what the values are
 * @param accepts the accepted forms, in words that follow "expected"
 * @param reader nothing where the text has no accepted form; the folder is what relative paths start from
 * @param show the text that is read back as the same value
 */
record ValueType<T>(Class<T> javaType, String accepts, Reader<T> reader, Function<T, String> show) {
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\\[?(?=(.*:){2})[0-9A-Fa-f:.]+]?");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern NAMES =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9/_:.-]*(,[A-Za-z0-9][A-Za-z0-9/_:.-]*)*");
    private static final Pattern WHOLE = Pattern.compile("\\d{1,18}");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

    /** Reads one text. */
    @FunctionalInterface
    interface Reader<T> {
        Optional<T> read(String text, Path folder);
    }

    static ValueType<String> id() {
        return text("1 to 128 letters, digits, '.', '_' or '-', starting with a letter or digit", ID);
    }

    static ValueType<String> host() {
        return new ValueType<>(
                String.class,
                "a host name or an IP address, without a port",
                (text, folder) ->
                        Optional.of(text).filter(HOST.asMatchPredicate()).map(ValueType::withoutBrackets),
                Function.identity());
    }

    static ValueType<String> anyText() {
        return text("a text", Pattern.compile("\\S+"));
    }

    /** Several, separated by commas. */
    static ValueType<String> names() {
        return text("names separated by commas, for example 0,1", NAMES);
    }

    private static ValueType<String> text(String accepts, Pattern form) {
        return new ValueType<>(
                String.class,
                accepts,
                (text, folder) -> Optional.of(text).filter(form.asMatchPredicate()),
                Function.identity());
    }

    static ValueType<String> oneOf(List<String> choices) {
        return new ValueType<>(
                String.class,
                "one of " + String.join(", ", choices),
                (text, folder) -> Optional.of(text.toUpperCase(Locale.ROOT)).filter(choices::contains),
                Function.identity());
    }

    static ValueType<Boolean> truth() {
        return new ValueType<>(
                Boolean.class,
                "true or false",
                (text, folder) -> switch (text.toLowerCase(Locale.ROOT)) {
                    case "true" -> Optional.of(true);
                    case "false" -> Optional.of(false);
                    default -> Optional.empty();
                },
                String::valueOf);
    }

    static ValueType<Integer> whole(int min, int max) {
        return new ValueType<>(
                Integer.class,
                "a whole number from " + min + " to " + max,
                (text, folder) -> Optional.of(text)
                        .filter(WHOLE.asMatchPredicate())
                        .map(Long::valueOf)
                        .filter(number -> number >= min && number <= max)
                        .map(Long::intValue),
                String::valueOf);
    }

    static ValueType<Double> number(double min, double max) {
        return new ValueType<>(
                Double.class,
                "a number from " + plain(min) + " to " + plain(max),
                (text, folder) -> Optional.of(text)
                        .filter(NUMBER.asMatchPredicate())
                        .map(Double::valueOf)
                        .filter(number -> number >= min && number <= max),
                ValueType::plain);
    }

    static ValueType<Path> path() {
        return new ValueType<>(
                Path.class,
                "a path",
                (text, folder) -> {
                    try {
                        return text.isBlank()
                                ? Optional.empty()
                                : Optional.of(folder.resolve(text).normalize());
                    } catch (InvalidPathException notAPath) {
                        return Optional.empty();
                    }
                },
                Path::toString);
    }

    /** Values that a {@link Unit} measures, within limits written the same way. */
    static ValueType<Long> measured(Unit.Kind kind, String min, String max) {
        return new ValueType<>(
                Long.class,
                kind.accepts() + ", from " + min + " to " + max,
                (text, folder) -> Unit.read(kind, text)
                        .filter(value -> value >= Unit.read(kind, min).orElseThrow()
                                && value <= Unit.read(kind, max).orElseThrow()),
                value -> Unit.show(kind, value));
    }

    /** Another form of these values. */
    <U> ValueType<U> as(Class<U> type, Function<T, U> to, Function<U, T> from) {
        return new ValueType<>(
                type,
                accepts,
                (text, folder) -> reader.read(text, folder).map(to),
                value -> show.apply(from.apply(value)));
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    /** What is told apart by its unit. */
    record Unit(String symbol, long factor) {
        /** The kinds of units, the largest unit first. */
        enum Kind {
            DURATION(
                    "a duration with its unit (500ms, 3s, 2m, 1h, 1d)",
                    List.of(
                            new Unit("d", 86_400_000),
                            new Unit("h", 3_600_000),
                            new Unit("m", 60_000),
                            new Unit("s", 1000),
                            new Unit("ms", 1))),
            SIZE(
                    "a size with its unit (512B, 64KiB, 16MiB, 8GiB, 1TiB)",
                    List.of(
                            new Unit("TiB", 1L << 40),
                            new Unit("GiB", 1L << 30),
                            new Unit("MiB", 1L << 20),
                            new Unit("KiB", 1L << 10),
                            new Unit("B", 1)));

            private final String accepts;
            private final List<Unit> units;

            Kind(String accepts, List<Unit> units) {
                this.accepts = accepts;
                this.units = units;
            }

            String accepts() {
                return accepts;
            }
        }

        static Optional<Long> read(Kind kind, String text) {
            String symbols = kind.units.stream().map(Unit::symbol).collect(Collectors.joining("|"));
            var form = Pattern.compile("(\\d{1,12}) ?(" + symbols + ")").matcher(text);
            if (!form.matches()) {
                return Optional.empty();
            }
            long count = Long.parseLong(form.group(1));
            return kind.units.stream()
                    .filter(unit -> unit.symbol.equals(form.group(2)))
                    .filter(unit -> count <= Long.MAX_VALUE / unit.factor)
                    .map(unit -> count * unit.factor)
                    .findFirst();
        }

        /** In the largest unit that leaves a whole number. */
        static String show(Kind kind, long value) {
            return kind.units.stream()
                    .filter(unit -> value % unit.factor == 0 && (value != 0 || unit.factor == 1))
                    .map(unit -> value / unit.factor + unit.symbol)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
