package io.solstice.api.config;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.Parallelism;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A workflow's own settings: names to texts, numbers, truth values, lists and maps. Cannot be changed. It remembers which
 * names were asked for, so that a misspelt one does not pass in silence.
 */
public final class Config {
    public static final Config EMPTY = new Config(Map.of(), Set.of());

    private final Map<String, Object> values;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    private Config(Map<String, Object> values, Set<String> asked) {
        this.values = values;
        this.asked.addAll(asked);
    }

    public static Config of(Map<String, ?> values) {
        return new Config(Map.copyOf(new LinkedHashMap<>(values)), Set.of());
    }

    /** This configuration with one value set. */
    public Config with(String key, Object value) {
        Map<String, Object> merged = new LinkedHashMap<>(values);
        merged.put(key, value);
        return new Config(merged, asked);
    }

    public Map<String, Object> asMap() {
        asked.addAll(values.keySet());
        return values;
    }

    /** The names that have a value. Looking at them is not asking for them. */
    public Set<String> givenKeys() {
        return values.keySet();
    }

    /** The names that have been asked for, given or not. */
    public Set<String> askedKeys() {
        return Set.copyOf(asked);
    }

    public boolean has(String key) {
        return get(key) != null;
    }

    public @Nullable Object get(String key) {
        asked.add(key);
        return values.get(key);
    }

    /** The text of a key that must be given, by YAML ({@code config:}) or on the command line ({@code --key value}). */
    public String required(String key) {
        Object value = get(key);
        if (value == null) {
            throw ErrorCode.OPTION_MISSING
                    .error("this workflow needs '" + key + "'")
                    .where("config." + key)
                    .help("give it as --" + key.replace('_', '-') + " <value>, or under config: in the YAML file")
                    .toException();
        }
        return value.toString();
    }

    public @Nullable String text(String key) {
        Object value = get(key);
        return value == null ? null : value.toString();
    }

    public String text(String key, String fallback) {
        return options(key).text(key, fallback);
    }

    public long wholeNumber(String key, long fallback) {
        return options(key).wholeNumber(key, fallback, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    public int positive(String key, int fallback) {
        return options(key).positive(key, fallback);
    }

    public double number(String key, double fallback) {
        return options(key).number(key, fallback);
    }

    public boolean flag(String key, boolean fallback) {
        return options(key).flag(key, fallback);
    }

    public @Nullable List<String> texts(String key) {
        return options(key).texts(key);
    }

    /** {@code 4}, {@code "2-10"} or {@code [2, 10]}. */
    public Parallelism parallelism(String key, Parallelism fallback) {
        Object value = get(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof List<?> pair && pair.size() == 2) {
            return Parallelism.parse(pair.get(0) + "-" + pair.get(1));
        }
        return Parallelism.parse(value.toString());
    }

    private Options options(String key) {
        asked.add(key);
        return Options.of("config", values);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
