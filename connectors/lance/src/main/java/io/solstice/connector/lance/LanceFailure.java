package io.solstice.connector.lance;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.util.regex.Pattern;

/** Turns what Lance throws into coded errors: its first line, without the places in its own source code. */
final class LanceFailure {
    private static final Pattern SOURCE_PLACE = Pattern.compile(",?\\s*(location:\\s*)?[^\\s,]*\\.rs:\\d+(:\\d+)?");
    private static final Pattern PREFIX = Pattern.compile("^(LanceError\\(\\w+\\): |Invalid user input: )+");

    private LanceFailure() {}

    static String message(Throwable thrown) {
        String message = thrown.getMessage();
        if (message == null || message.isBlank()) {
            return thrown.getClass().getSimpleName();
        }
        String line = message.strip().lines().findFirst().orElse("");
        return PREFIX.matcher(SOURCE_PLACE.matcher(line).replaceAll(""))
                .replaceAll("")
                .strip();
    }

    /** A failure at run time: coded ones and a full disk as they are, anything else under the given code. */
    static SolsticeException of(ErrorCode code, String what, String where, Throwable thrown) {
        if (thrown instanceof SolsticeException coded) {
            return coded;
        }
        SolsticeException known = SolsticeException.of(thrown);
        if (known.code() != ErrorCode.INTERNAL) {
            return known;
        }
        if (thrown instanceof LinkageError) {
            return NativeAccess.failed(thrown);
        }
        return code.error(what).where(where).cause(message(thrown)).toException(thrown);
    }
}
