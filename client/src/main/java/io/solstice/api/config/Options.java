package io.solstice.api.config;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads named options once, with defaults and checks, and refuses the ones that nobody asked for: call {@link #finish}
 * after the last read.
 */
public final class Options {
    private final String owner;
    private final Map<String, ?> given;
    private final Set<String> known = new LinkedHashSet<>();

    private Options(String owner, Map<String, ?> given) {
        this.owner = owner;
        this.given = given;
    }

    /** @param owner what is configured, for messages: {@code LanceTableSource} or {@code state_backend} */
    public static Options of(String owner, Map<String, ?> given) {
        return new Options(owner, given);
    }

    public boolean has(String key) {
        known.add(key);
        return given.get(key) != null;
    }

    public @Nullable Object value(String key) {
        known.add(key);
        return given.get(key);
    }

    public String requiredText(String key) {
        if (!has(key) || text(key, "").isBlank()) {
            throw ErrorCode.OPTION_MISSING
                    .error(owner + " needs '" + key + "'")
                    .where(owner + "." + key)
                    .cause("it has no default")
                    .help("give '" + key + "' a value")
                    .toException();
        }
        return text(key, "");
    }

    public String text(String key, String fallback) {
        Object value = value(key);
        if (value instanceof Map || value instanceof List) {
            throw invalid(key, value, "a text");
        }
        return value == null ? fallback : value.toString();
    }

    public char character(String key, char fallback) {
        String text = text(key, String.valueOf(fallback));
        if (text.length() != 1) {
            throw invalid(key, text, "one character");
        }
        return text.charAt(0);
    }

    public @Nullable String optionalText(String key) {
        return has(key) ? text(key, "") : null;
    }

    public long wholeNumber(String key, long fallback, long min, long max) {
        Object value = value(key);
        if (value == null) {
            return fallback;
        }
        try {
            long number = value instanceof Integer || value instanceof Long
                    ? ((Number) value).longValue()
                    : Long.parseLong(value.toString().strip().replace("_", ""));
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // the one error below says what is accepted
        }
        throw invalid(key, value, "a whole number from " + min + " to " + max);
    }

    public int positive(String key, int fallback) {
        return (int) wholeNumber(key, fallback, 1, Integer.MAX_VALUE);
    }

    public double number(String key, double fallback) {
        Object value = value(key);
        if (value == null) {
            return fallback;
        }
        try {
            return value instanceof Number number
                    ? number.doubleValue()
                    : Double.parseDouble(value.toString().strip());
        } catch (NumberFormatException notANumber) {
            throw invalid(key, value, "a number");
        }
    }

    public boolean flag(String key, boolean fallback) {
        Object value = value(key);
        if (value == null) {
            return fallback;
        }
        return switch (value.toString().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw invalid(key, value, "true or false");
        };
    }

    /** A list, or one value, or texts divided by commas. Null when absent. */
    public @Nullable List<String> texts(String key) {
        Object value = value(key);
        if (value == null) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> texts.add(String.valueOf(item)));
        } else {
            for (String part : value.toString().split(",", -1)) {
                texts.add(part.strip());
            }
        }
        return texts;
    }

    public String oneOf(String key, String fallback, List<String> choices) {
        String chosen = text(key, fallback);
        if (!choices.contains(chosen)) {
            throw ErrorCode.OPTION_INVALID
                    .error("'" + chosen + "' is not a " + key + " of " + owner)
                    .where(owner + "." + key)
                    .help(NearestName.help(chosen, choices))
                    .toException();
        }
        return chosen;
    }

    /** Refuses options that were never read, naming the nearest that exists. */
    public void finish() {
        for (String key : given.keySet()) {
            if (!known.contains(key)) {
                throw ErrorCode.OPTION_UNKNOWN
                        .error(owner + " has no option '" + key + "'")
                        .where(owner + "." + key)
                        .help(NearestName.help(key, known))
                        .toException();
            }
        }
    }

    private SolsticeException invalid(String key, Object value, String expected) {
        return ErrorCode.OPTION_INVALID
                .error("'" + value + "' is not possible for '" + key + "' of " + owner)
                .where(owner + "." + key)
                .cause("expected " + expected)
                .toException();
    }
}
