package io.solstice.common.id;

import io.solstice.common.error.ErrorCode;
import java.util.regex.Pattern;

/** The id of a checkpoint: {@code checkpoint_<seconds since 1970>_<8 hexadecimal digits>}. */
public record CheckpointId(String value) implements Comparable<CheckpointId> {
    private static final Pattern VALID = Pattern.compile("checkpoint_[0-9]{1,12}_[0-9a-f]{8}");

    public CheckpointId {
        if (!VALID.matcher(value).matches()) {
            throw ErrorCode.NAME_INVALID
                    .error("'" + value + "' cannot be the id of a checkpoint")
                    .cause("ids look like checkpoint_1700000000_0123abcd")
                    .help("list the checkpoints of a job with: solstice checkpoint list <job>")
                    .toException();
        }
    }

    /** @param distinguisher tells checkpoints of one second apart; its lowest 32 bits are used */
    public static CheckpointId of(long epochMillis, int distinguisher) {
        return new CheckpointId(String.format("checkpoint_%d_%08x", epochMillis / 1000, distinguisher));
    }

    @Override
    public int compareTo(CheckpointId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
