package io.solstice.api;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.id.CheckpointId;
import java.util.List;

/** Where a job begins, as people say it: at a checkpoint of its id, at the newest one, or anew. */
public final class RestoreFrom {
    /** Begin anew, whatever checkpoints there are. */
    public static final String NONE = "none";
    /** Begin with the newest completed checkpoint; it is an error if there is none. */
    public static final String LATEST = "latest";

    private RestoreFrom() {}

    /** @return what was given, if it is an id, {@link #LATEST} or {@link #NONE}; else it is refused */
    public static String check(String given) {
        if (given.equals(NONE) || given.equals(LATEST)) {
            return given;
        }
        if (!given.startsWith("checkpoint_")) {
            throw ErrorCode.OPTION_INVALID
                    .error("'" + given + "' is no checkpoint")
                    .where("restore from")
                    .cause("expected latest, none, or an id such as checkpoint_1700000000_0123abcd")
                    .help(NearestName.help(given, List.of(LATEST, NONE)))
                    .toException();
        }
        return new CheckpointId(given).value();
    }

    /** As the protocol has it, where nothing stands for {@link #NONE}. */
    public static String onWire(String given) {
        String checked = check(given);
        return checked.equals(NONE) ? "" : checked;
    }
}
