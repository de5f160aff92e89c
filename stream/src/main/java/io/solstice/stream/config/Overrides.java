package io.solstice.stream.config;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the command line that stand for a place in the document: {@code processing.parallelism}, or
 * {@code pipelines.0.source.events}.
 */
final class Overrides {
    private static final Pattern INDEX = Pattern.compile("\\d{1,6}");

    private Overrides() {}

    /** The document with the keys that have dots put where they belong. The given one stays as it is. */
    static Map<String, Object> applied(Map<String, Object> document) {
        Map<String, Object> changed = new LinkedHashMap<>();
        document.forEach((key, value) -> {
            if (!key.contains(".")) {
                changed.put(key, copy(value));
            }
        });
        document.forEach((key, value) -> {
            if (key.contains(".")) {
                put(changed, key, List.of(key.split("\\.", -1)), value);
            }
        });
        return changed;
    }

    private static Object copy(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copied = new LinkedHashMap<>();
            map.forEach((key, inner) -> copied.put(String.valueOf(key), inner == null ? null : copy(inner)));
            return copied;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copied = new ArrayList<>();
            list.forEach(inner -> copied.add(inner == null ? null : copy(inner)));
            return copied;
        }
        return value;
    }

    @SuppressWarnings("unchecked")
    private static void put(Object into, String key, List<String> path, Object value) {
        String step = path.get(0);
        List<String> rest = path.subList(1, path.size());
        if (into instanceof Map<?, ?>) {
            Map<String, Object> map = (Map<String, Object>) into;
            if (rest.isEmpty()) {
                map.put(step, value);
            } else {
                put(map.computeIfAbsent(step, absent -> new LinkedHashMap<String, Object>()), key, rest, value);
            }
        } else if (into instanceof List<?> && INDEX.matcher(step).matches()) {
            List<Object> list = (List<Object>) into;
            int index = Integer.parseInt(step);
            if (index >= list.size()) {
                throw nowhere(key, "there are " + list.size() + " of them, counted from 0");
            }
            if (rest.isEmpty()) {
                list.set(index, value);
            } else {
                put(list.get(index), key, rest, value);
            }
        } else {
            throw nowhere(key, "'" + step + "' is not below a list or a block of keys");
        }
    }

    private static SolsticeException nowhere(String key, String cause) {
        return ErrorCode.OPTION_UNKNOWN
                .error("the document has no place " + key)
                .where(key)
                .cause(cause)
                .help("write the keys on the way with dots between them, for example pipelines.0.source.events")
                .toException();
    }
}
