package io.solstice.worker.userstate;

import io.solstice.api.state.StateTtl;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import org.jspecify.annotations.Nullable;

/**
 * One named state of an operator: where it stands in what is kept for each key.
 *
 * @param type of the values, or of those in its list or map
 */
public record Slot(String name, int index, Kind kind, Class<?> type, StateTtl ttl) {
    public enum Kind {
        VALUE,
        LIST,
        MAP
    }

    /** The value, if it is of the type; an error that names the state if it is not. */
    <T> T checked(Class<T> wanted, @Nullable Object value) {
        if (!wanted.isInstance(value)) {
            throw mismatch(value);
        }
        return wanted.cast(value);
    }

    private SolsticeException mismatch(@Nullable Object value) {
        return ErrorCode.STATE_UNFIT
                .error("state '" + name + "' has a value of another type")
                .where("state '" + name + "'")
                .cause("found " + (value == null ? "null" : value.getClass().getSimpleName()) + ", expected "
                        + type.getSimpleName())
                .help("keep values of the type that declare(…) names; give state of another type another name")
                .toException();
    }
}
