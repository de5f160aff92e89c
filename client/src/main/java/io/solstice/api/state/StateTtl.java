package io.solstice.api.state;

import io.solstice.common.error.ErrorCode;
import java.time.Duration;

/**
 * How long a value is kept after it was last written, by the clock of the machine. One that is older is not seen any
 * more, and is gone at the next checkpoint at the latest.
 */
public final class StateTtl {
    /** Values are kept until they are removed. */
    public static final StateTtl NEVER = new StateTtl(Duration.ZERO);

    private final Duration after;

    private StateTtl(Duration after) {
        this.after = after;
    }

    public static StateTtl after(Duration lastWrite) {
        if (lastWrite.isNegative() || lastWrite.isZero()) {
            throw ErrorCode.OPTION_INVALID
                    .error("state cannot be kept for " + lastWrite)
                    .where("StateTtl.after")
                    .cause("expected a positive duration")
                    .toException();
        }
        return new StateTtl(lastWrite);
    }

    /** Zero for never. */
    public Duration after() {
        return after;
    }

    public boolean isNever() {
        return after.isZero();
    }
}
