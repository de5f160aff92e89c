package io.solstice.common.store;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.util.Map;
import java.util.Optional;

/** The values of {@code state_backend}, read by name. */
public record StoreSettings(Map<String, String> values) {
    public StoreSettings {
        values = Map.copyOf(values);
    }

    public String text(String key, String fallback) {
        return optional(key).orElse(fallback);
    }

    public Optional<String> optional(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isBlank());
    }

    public String required(String key) {
        return optional(key)
                .orElseThrow(() -> ErrorCode.OPTION_MISSING
                        .error("state_backend needs '" + key + "'")
                        .where("state_backend." + key)
                        .cause("it has no default")
                        .help("give '" + key + "' a value")
                        .toException());
    }

    public boolean flag(String key, boolean fallback) {
        String text = text(key, String.valueOf(fallback));
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(key, "found '" + text + "', expected true or false");
        };
    }

    public SolsticeException invalid(String key, String cause) {
        return ErrorCode.OPTION_INVALID
                .error("state_backend has no use for this '" + key + "'")
                .where("state_backend." + key)
                .cause(cause)
                .toException();
    }

    /** Without the values, some of which are secret. */
    @Override
    public String toString() {
        return "StoreSettings" + values.keySet();
    }
}
