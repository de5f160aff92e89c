package io.solstice.api.row;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A record as ordered names and values, for schemas known only while running. Cannot be changed; {@link #with} gives a
 * new row.
 *
 * <p>Values are Boolean, Byte, Short, Integer, Long, Float, Double, String, byte[], BigDecimal, LocalDate,
 * LocalTime, LocalDateTime (timestamp without zone), Instant (timestamp with zone), Duration, float[] and double[]
 * (fixed-size vectors), List, Row (struct), Map (with text keys) or null.
 */
public final class Row {
    public static final Row EMPTY = new Row(List.of(), new Object[0]);
    /** So many names are sooner compared with each other than put into a map. */
    private static final int FEW = 16;

    private final List<String> names;
    private final @Nullable Object[] values;

    /** For readers that make many rows of one shape: the names are shared, the values taken over. */
    Row(List<String> names, @Nullable Object[] values) {
        this.names = names;
        this.values = values;
    }

    /** Names and values in turn: {@code Row.of("id", 1, "name", "a")}. */
    public static Row of(@Nullable Object... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a row needs names and values in turn, got " + namesAndValues.length);
        }
        int count = namesAndValues.length / 2;
        String[] names = new String[count];
        @Nullable Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
            String name = String.valueOf(namesAndValues[2 * i]);
            if (i >= FEW || contains(names, i, name)) {
                return ofMap(map(namesAndValues));
            }
            names[i] = name;
            values[i] = namesAndValues[2 * i + 1];
        }
        return new Row(List.of(names), values);
    }

    private static boolean contains(String[] names, int count, String name) {
        for (int i = 0; i < count; i++) {
            if (names[i].equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Of a name that comes twice the last value counts. */
    private static Map<String, @Nullable Object> map(@Nullable Object[] namesAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return map;
    }

    public static Row ofMap(Map<String, ? extends @Nullable Object> map) {
        return new Row(List.copyOf(map.keySet()), map.values().toArray());
    }

    public List<String> names() {
        return names;
    }

    public boolean has(String name) {
        return names.contains(name);
    }

    /** The value, or null both where it is null and where there is no such name. */
    public @Nullable Object get(String name) {
        int index = names.indexOf(name);
        return index < 0 ? null : values[index];
    }

    @Nullable
    Object valueAt(int index) {
        return values[index];
    }

    /** A whole number; a missing or null value, or another type, is an error. */
    public long getLong(String name) {
        Object value = required(name);
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        throw wrongType(name, value, "a whole number");
    }

    /** Any number as a double; a missing or null value, or another type, is an error. */
    public double getDouble(String name) {
        Object value = required(name);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw wrongType(name, value, "a number");
    }

    public boolean getBoolean(String name) {
        Object value = required(name);
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw wrongType(name, value, "true or false");
    }

    /** A text; a missing or null value, or another type, is an error. */
    public String getString(String name) {
        Object value = required(name);
        if (value instanceof String text) {
            return text;
        }
        throw wrongType(name, value, "a text");
    }

    /** A struct; a missing or null value, or another type, is an error. */
    public Row getRow(String name) {
        Object value = required(name);
        if (value instanceof Row row) {
            return row;
        }
        throw wrongType(name, value, "a struct");
    }

    /** This row with one value set, at the end if the name is new. */
    public Row with(String name, @Nullable Object value) {
        int index = names.indexOf(name);
        if (index >= 0) {
            @Nullable Object[] changed = values.clone();
            changed[index] = value;
            return new Row(names, changed);
        }
        String[] longer = Arrays.copyOf(names.toArray(new String[0]), names.size() + 1);
        longer[names.size()] = name;
        @Nullable Object[] extended = Arrays.copyOf(values, values.length + 1);
        extended[values.length] = value;
        return new Row(List.of(longer), extended);
    }

    /** This row without one name. */
    public Row without(String name) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>(toMap());
        map.remove(name);
        return ofMap(map);
    }

    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            map.put(names.get(i), values[i]);
        }
        return Collections.unmodifiableMap(map);
    }

    private Object required(String name) {
        Object value = get(name);
        if (value == null) {
            if (!has(name)) {
                throw ErrorCode.COLUMN_UNKNOWN
                        .error("the row has no '" + name + "'")
                        .help(NearestName.help(name, names))
                        .toException();
            }
            throw ErrorCode.NULL_VALUE
                    .error("'" + name + "' is null")
                    .help("test it with row.get(\"" + name + "\") == null first")
                    .toException();
        }
        return value;
    }

    private static SolsticeException wrongType(String name, Object value, String expected) {
        return ErrorCode.TYPE_MISMATCH
                .error("'" + name + "' is not " + expected)
                .cause("it is the " + value.getClass().getSimpleName() + " " + value)
                .toException();
    }

    /** Equal names in equal order with equal values; arrays are compared by content. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Row row
                && names.equals(row.names)
                && same(Arrays.asList(values), Arrays.asList(row.values));
    }

    private static boolean same(@Nullable Object one, @Nullable Object other) {
        if (one instanceof List<?> left && other instanceof List<?> right) {
            Iterator<?> items = right.iterator();
            return left.size() == right.size() && left.stream().allMatch(item -> same(item, items.next()));
        }
        if (one instanceof Map<?, ?> left && other instanceof Map<?, ?> right) {
            return left.keySet().equals(right.keySet())
                    && left.entrySet().stream().allMatch(entry -> same(entry.getValue(), right.get(entry.getKey())));
        }
        return Objects.deepEquals(one, other);
    }

    private static int hash(@Nullable Object value) {
        int hash = 1;
        if (value instanceof List<?> list) {
            for (Object item : list) {
                hash = 31 * hash + hash(item);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                hash += Objects.hashCode(entry.getKey()) ^ hash(entry.getValue());
            }
        } else {
            hash = Arrays.deepHashCode(new Object[] {value});
        }
        return hash;
    }

    @Override
    public int hashCode() {
        return 31 * names.hashCode() + hash(Arrays.asList(values));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < values.length; i++) {
            text.append(i == 0 ? "" : ", ").append(names.get(i)).append(": ").append(text(values[i]));
        }
        return text.append("}").toString();
    }

    private static String text(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Row::text).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        String inBrackets = Arrays.deepToString(new Object[] {value});
        return inBrackets.substring(1, inBrackets.length() - 1);
    }
}
