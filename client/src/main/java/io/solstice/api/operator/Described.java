package io.solstice.api.operator;

import java.util.LinkedHashMap;
import java.util.Map;

/** Builds the options that built-in operators show. */
final class Described {
    private Described() {}

    static Map<String, String> function(String key, Object function, boolean skipOnError) {
        return of(key, function.getClass().getSimpleName(), skipOnError);
    }

    static Map<String, String> of(String key, Object value, boolean skipOnError) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put(key, value.toString());
        options.put("skip_on_error", Boolean.toString(skipOnError));
        return options;
    }
}
