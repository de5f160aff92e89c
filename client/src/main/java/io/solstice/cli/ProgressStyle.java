package io.solstice.cli;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import java.util.List;
import java.util.Locale;

/** How a running job is shown. */
enum ProgressStyle {
    /** A live block on a terminal, else plain lines. */
    AUTO,
    PLAIN,
    NONE;

    static ProgressStyle of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "auto" -> AUTO;
            case "plain" -> PLAIN;
            case "none" -> NONE;
            default ->
                throw new UsageException(ErrorCode.OPTION_INVALID
                        .error("'" + name + "' is not a way to show progress")
                        .where("--progress")
                        .help(NearestName.help(name, List.of("auto", "plain", "none"))));
        };
    }
}
