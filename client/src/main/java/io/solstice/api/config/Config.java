package io.solstice.api.config;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.Parallelism;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A workflow's own settings: names to texts, numbers, truth values, lists and maps. Cannot be changed. */
public final class Config {
    public static final Config EMPTY = new Config(Map.of());

    private final Map<String, Object> values;

    private Config(Map<String, Object> values) {
        this.values = values;
    }

    public static Config of(Map<String, ?> values) {
        return new Config(Map.copyOf(new LinkedHashMap<>(values)));
    }

    /** This configuration with one value set. */
    public Config with(String key, Object value) {
        Map<String, Object> merged = new LinkedHashMap<>(values);
        merged.put(key, value);
        return new Config(merged);
    }

    public Map<String, Object> asMap() {
        return values;
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    public @Nullable Object get(String key) {
        return values.get(key);
    }

    /** The text of a key that must be given, by YAML ({@code config:}) or on the command line ({@code --key value}). */
    public String required(String key) {
        Object value = values.get(key);
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
        Object value = values.get(key);
        return value == null ? null : value.toString();
    }

    public String text(String key, String fallback) {
        return options().text(key, fallback);
    }

    public long wholeNumber(String key, long fallback) {
        return options().wholeNumber(key, fallback, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    public int positive(String key, int fallback) {
        return options().positive(key, fallback);
    }

    public double number(String key, double fallback) {
        return options().number(key, fallback);
    }

    public boolean flag(String key, boolean fallback) {
        return options().flag(key, fallback);
    }

    public @Nullable List<String> texts(String key) {
        return options().texts(key);
    }

    /** {@code 4}, {@code "2-10"} or {@code [2, 10]}. */
    public Parallelism parallelism(String key, Parallelism fallback) {
        Object value = values.get(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof List<?> pair && pair.size() == 2) {
            return Parallelism.parse(pair.get(0) + "-" + pair.get(1));
        }
        return Parallelism.parse(value.toString());
    }

    private Options options() {
        return Options.of("config", values);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
