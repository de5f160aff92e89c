package io.solstice.stream.config;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of a document, and where it stands, for example {@code pipelines[0].windows[1]}. Each key is read once, by
 * its type; {@link #finish} refuses those that nobody read. A key without a value counts as absent. Used by one thread.
 */
final class Section {
    private final String place;
    private final Map<String, Object> given = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    /** @param place empty for the whole document */
    Section(String place, Map<?, ?> given) {
        this.place = place;
        given.forEach((key, value) -> {
            if (value != null) {
                this.given.put(String.valueOf(key), value);
            }
        });
    }

    /** Where a key of this mapping stands. */
    String place(String key) {
        return place.isEmpty() ? key : place + "." + key;
    }

    String place() {
        return place;
    }

    boolean has(String key) {
        return value(key) != null;
    }

    private @Nullable Object value(String key) {
        known.add(key);
        return given.get(key);
    }

    String text(String key, String fallback) {
        Object value = value(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Map || value instanceof List) {
            throw invalid(key, value, "a text");
        }
        return value.toString();
    }

    String requiredText(String key, String example) {
        String text = text(key, "");
        if (text.isBlank()) {
            throw missing(key, example);
        }
        return text;
    }

    long wholeNumber(String key, long fallback, long min, long max) {
        Object value = value(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw invalid(key, value, "a whole number from " + min + " to " + max);
    }

    long requiredWholeNumber(String key, long min, long max, String example) {
        if (!has(key)) {
            throw missing(key, example);
        }
        return wholeNumber(key, min, min, max);
    }

    double number(String key, double fallback, double min, double max) {
        Object value = value(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Number number && number.doubleValue() >= min && number.doubleValue() <= max) {
            return number.doubleValue();
        }
        throw invalid(key, value, "a number from " + plain(min) + " to " + plain(max));
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    boolean flag(String key, boolean fallback) {
        Object value = value(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw invalid(key, value, "true or false");
    }

    String oneOf(String key, String fallback, List<String> choices) {
        String chosen = text(key, fallback);
        if (!choices.contains(chosen)) {
            throw notOneOf(key, chosen, choices);
        }
        return chosen;
    }

    SolsticeException notOneOf(String key, String chosen, List<String> choices) {
        return ErrorCode.OPTION_INVALID
                .error("'" + chosen + "' is not a possible " + key)
                .where(place(key))
                .help(NearestName.help(chosen, choices))
                .toException();
    }

    /** Empty where the key is absent. */
    Section section(String key) {
        Object value = value(key);
        if (value == null) {
            return new Section(place(key), Map.of());
        }
        if (value instanceof Map<?, ?> map) {
            return new Section(place(key), map);
        }
        throw invalid(key, value, "'key: value' lines below it");
    }

    /** A list of mappings; one mapping stands for a list of itself alone. Empty where the key is absent. */
    List<Section> sections(String key) {
        Object value = value(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof Map<?, ?> map) {
            return List.of(new Section(place(key), map));
        }
        if (!(value instanceof List<?> list)) {
            throw invalid(key, value, "a list");
        }
        List<Section> sections = new ArrayList<>();
        for (Object item : list) {
            String itemPlace = place(key) + "[" + sections.size() + "]";
            if (!(item instanceof Map<?, ?> map)) {
                throw invalidAt(itemPlace, item, "'key: value' lines");
            }
            sections.add(new Section(itemPlace, map));
        }
        return sections;
    }

    /** The items of a list of plain values; one value stands for a list of itself alone. Empty where absent. */
    List<Object> values(String key) {
        Object value = value(key);
        if (value == null) {
            return List.of();
        }
        List<Object> values = new ArrayList<>();
        for (Object item : value instanceof List<?> list ? list : List.of(value)) {
            if (item == null || item instanceof Map || item instanceof List) {
                throw invalidAt(place(key) + "[" + values.size() + "]", item, "a plain value");
            }
            values.add(item);
        }
        return values;
    }

    List<String> texts(String key) {
        return values(key).stream().map(Object::toString).toList();
    }

    /** A plain value of any type; null where the key is absent. */
    @Nullable
    Object plainValue(String key) {
        Object value = value(key);
        if (value instanceof Map || value instanceof List) {
            throw invalid(key, value, "a plain value");
        }
        return value;
    }

    /** Refuses the keys that were never read, naming the nearest that exists. */
    void finish() {
        for (String key : given.keySet()) {
            if (!known.contains(key)) {
                throw ErrorCode.OPTION_UNKNOWN
                        .error((place.isEmpty() ? "the document" : "'" + place + "'") + " has no key '" + key + "'")
                        .where(place(key))
                        .help(help(key))
                        .toException();
            }
        }
    }

    /** A name without its unit is farther away than a slip of the pen. */
    private String help(String key) {
        return known.stream()
                .filter(name -> name.startsWith(key + "_"))
                .findFirst()
                .map(name -> "did you mean '" + name + "'? (known: " + String.join(", ", known) + ")")
                .orElseGet(() -> NearestName.help(key, known));
    }

    SolsticeException missing(String key, String example) {
        return ErrorCode.OPTION_MISSING
                .error("'" + place(key) + "' is not given")
                .where(place(key))
                .cause("it has no default")
                .help("for example " + key + ": " + example)
                .toException();
    }

    SolsticeException invalid(String key, @Nullable Object value, String expected) {
        return invalidAt(place(key), value, expected);
    }

    private static SolsticeException invalidAt(String place, @Nullable Object value, String expected) {
        return ErrorCode.OPTION_INVALID
                .error("'" + value + "' is not possible here")
                .where(place)
                .cause("expected " + expected)
                .toException();
    }
}
