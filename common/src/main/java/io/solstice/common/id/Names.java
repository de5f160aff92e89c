package io.solstice.common.id;

import io.solstice.common.error.ErrorCode;
import java.util.regex.Pattern;

/** The one rule for names that become parts of paths, metric labels and messages. */
final class Names {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private Names() {}

    static void check(String kind, String value) {
        if (!VALID.matcher(value).matches()) {
            throw ErrorCode.NAME_INVALID
                    .error("'" + value + "' cannot be a " + kind + " id")
                    .cause("ids are 1 to 128 letters, digits, '.', '_' or '-', and start with a letter or digit")
                    .help("rename it, for example '" + advice(kind, value) + "'")
                    .toException();
        }
    }

    /** The nearest name that would do. */
    private static String advice(String kind, String value) {
        String clean = value.replaceAll("[^A-Za-z0-9._-]+", "_").replaceAll("^[._-]+", "");
        return clean.isEmpty() ? kind + "-1" : clean.substring(0, Math.min(128, clean.length()));
    }
}
