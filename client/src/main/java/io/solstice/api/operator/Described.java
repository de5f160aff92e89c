package io.solstice.api.operator;

import io.solstice.api.config.StageDefinition;
import java.util.LinkedHashMap;
import java.util.Map;

/** Builds the options that built-in operators show. */
final class Described {
    private Described() {}

    static Map<String, String> function(String key, Object function, boolean skipOnError) {
        String name = StageDefinition.functionName(function);
        return of(key, name.substring(name.lastIndexOf('.') + 1), skipOnError);
    }

    static Map<String, String> of(String key, Object value, boolean skipOnError) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put(key, value.toString());
        options.put("skip_on_error", Boolean.toString(skipOnError));
        return options;
    }
}
