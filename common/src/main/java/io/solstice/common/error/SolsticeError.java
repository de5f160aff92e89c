package io.solstice.common.error;

import org.jspecify.annotations.Nullable;

/**
 * One error as data: it can be shown, sent over a wire and compared. Empty strings stand for parts that are not known.
 *
 * @param what what happened, in one line
 * @param where the place in the user's world: stage, file and line, option
 * @param cause why, with both the found and the expected value where there are two
 * @param help what to do now
 */
public record SolsticeError(ErrorCode code, String what, String where, String cause, String help) {

    public SolsticeError where(String place) {
        return new SolsticeError(code, what, place, cause, help);
    }

    /** Puts an outer place before the known one: {@code stage 'a'} becomes {@code job 'j', stage 'a'}. */
    public SolsticeError within(String outer) {
        if (where.startsWith(outer)) {
            return this;
        }
        return where(where.isEmpty() ? outer : outer + ", " + where);
    }

    public SolsticeError cause(String why) {
        return new SolsticeError(code, what, where, why, help);
    }

    public SolsticeError help(String advice) {
        return new SolsticeError(code, what, where, cause, advice);
    }

    public SolsticeException toException() {
        return new SolsticeException(this, null);
    }

    /** With the Java exception that lies beneath; it is shown only in debug logs. */
    public SolsticeException toException(@Nullable Throwable beneath) {
        return new SolsticeException(this, beneath);
    }

    /** The form that people see: code and what, then where, cause and help, each on a line of its own. */
    public String display() {
        StringBuilder text =
                new StringBuilder("error[").append(code.code()).append("]: ").append(what);
        line(text, "  --> ", where);
        line(text, "   = cause: ", cause);
        line(text, "   = help: ", help);
        return text.toString();
    }

    private static void line(StringBuilder text, String prefix, String value) {
        if (!value.isEmpty()) {
            text.append('\n').append(prefix).append(value.replace("\n", "\n            "));
        }
    }
}
