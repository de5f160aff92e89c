package io.solstice.connector.files;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import org.jspecify.annotations.Nullable;

/** The errors about a line or value that is not as it should be. Whoever knows the place puts it in front. */
final class Malformed {
    private static final int SHOWN = 80;
    private static final String GIVE_SCHEMA =
            "give the columns with FileSource.schema(...), or leave such lines out with skip_on_error: true";

    private Malformed() {}

    static SolsticeException value(String path, String found, String expected, @Nullable Throwable beneath) {
        String detail = beneath instanceof ArithmeticException ? " (" + beneath.getMessage() + ")" : "";
        return ErrorCode.RECORD_MALFORMED
                .error("'" + path + "' does not have the type of its column")
                .where("field '" + path + "'")
                .cause("found " + shorten(found) + detail + ", expected " + expected)
                .help(GIVE_SCHEMA)
                .toException(beneath);
    }

    static SolsticeException unexpected(String path) {
        return ErrorCode.RECORD_MALFORMED
                .error("field '" + path + "' was not there in the rows that the columns were found out from")
                .where("field '" + path + "'")
                .cause("the first rows of the input have no such field")
                .help("give the columns with FileSource.schema(...), or choose some with columns")
                .toException();
    }

    static SolsticeException conflict(String path, String known, String found) {
        return ErrorCode.RECORD_MALFORMED
                .error("'" + path + "' has values of different types")
                .where("field '" + path + "'")
                .cause("found " + found + ", earlier lines have " + known)
                .help(GIVE_SCHEMA)
                .toException();
    }

    static SolsticeException line(String what, String place, String cause, String help, @Nullable Throwable beneath) {
        return ErrorCode.RECORD_MALFORMED
                .error(what)
                .where(place)
                .cause(cause)
                .help(help.isEmpty() ? "mend the line, or leave such lines out with skip_on_error: true" : help)
                .toException(beneath);
    }

    static String shorten(String text) {
        String line = text.replace("\n", "\\n").replace("\r", "\\r");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }
}
