package io.solstice.api.config;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.Parallelism;
import io.solstice.common.graph.Resources;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A workflow's own settings: names to texts, numbers, truth values, lists and maps. Cannot be changed. It remembers
 * which names were asked for, so that a misspelt one does not pass in silence.
 */
public final class Config {
    public static final Config EMPTY = new Config(Map.of(), Set.of());

    private final Map<String, Object> values;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    private Config(Map<String, Object> values, Set<String> asked) {
        this.values = values;
        this.asked.addAll(asked);
    }

    /** A key without a value, as YAML allows it, counts as absent. */
    public static Config of(Map<String, ? extends @Nullable Object> values) {
        return new Config(present(values), Set.of());
    }

    private static Map<String, Object> present(Map<String, ? extends @Nullable Object> values) {
        Map<String, Object> present = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (value != null) {
                present.put(key, value);
            }
        });
        return Collections.unmodifiableMap(present);
    }

    /** This configuration with one value set. */
    public Config with(String key, Object value) {
        Map<String, Object> merged = new LinkedHashMap<>(values);
        merged.put(key, value);
        return new Config(Collections.unmodifiableMap(merged), asked);
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

    /**
     * {@code 4}, {@code "2-10"} or {@code [2, 10]}. Limits may be given beside it, as {@code min_parallelism} and
     * {@code max_parallelism} where the key ends in {@code parallelism}, or all three as a map under the key.
     */
    public Parallelism parallelism(String key, Parallelism fallback) {
        try {
            if (get(key) instanceof Map<?, ?> map) {
                Options options = Options.of("config." + key, named(map));
                Parallelism limited = limited("parallelism", fallback, options);
                options.finish();
                return limited;
            }
            asked.add(limitKey(key, "min"));
            asked.add(limitKey(key, "max"));
            return limited(key, fallback, options(key));
        } catch (SolsticeException refused) {
            throw refused.error().where().isEmpty() ? refused.within("config." + key) : refused;
        }
    }

    private static String limitKey(String key, String limit) {
        return key.replaceFirst("parallelism$", limit + "_parallelism");
    }

    private static Parallelism limited(String key, Parallelism fallback, Options options) {
        Object value = options.value(key);
        Parallelism given = value == null ? fallback : parsed(value);
        String min = limitKey(key, "min");
        String max = limitKey(key, "max");
        if (min.equals(key) || !options.has(min) && !options.has(max)) {
            return given;
        }
        long least = options.wholeNumber(min, given.min(), 1, Parallelism.LIMIT);
        long most = options.wholeNumber(max, given.max(), 1, Parallelism.LIMIT);
        return new Parallelism(given.initial(), (int) least, (int) most);
    }

    private static Parallelism parsed(Object value) {
        return value instanceof List<?> pair && pair.size() == 2
                ? Parallelism.parse(pair.get(0) + "-" + pair.get(1))
                : Parallelism.parse(value.toString());
    }

    /** A map of {@code num_cpus}, {@code num_gpus} and {@code memory} (bytes); what is absent is as in the fallback. */
    public Resources resources(String key, Resources fallback) {
        Object value = get(key);
        if (value == null) {
            return fallback;
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw ErrorCode.OPTION_INVALID
                    .error("'" + value + "' does not say what resources are needed")
                    .where("config." + key)
                    .help("write a map, for example {num_cpus: 2, num_gpus: 1, memory: 8589934592}")
                    .toException();
        }
        Options options = Options.of("config." + key, named(map));
        double cpus = options.number("num_cpus", fallback.numCpus());
        double gpus = options.number("num_gpus", fallback.numGpus());
        long memory = options.wholeNumber("memory", fallback.memoryBytes(), 0, Long.MAX_VALUE);
        options.finish();
        return new Resources(cpus, gpus, memory);
    }

    private static Map<String, ?> named(Map<?, ?> map) {
        Map<String, Object> named = new LinkedHashMap<>();
        map.forEach((key, value) -> named.put(String.valueOf(key), value));
        return named;
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
