package io.solstice.api;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.StageId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a job begins: at a checkpoint of its id, at the newest one, or anew.
 *
 * @param checkpoint an id, {@link #LATEST} or {@link #NONE}
 * @param renamed the stages that have another id than in the checkpoint: from the id there to the id now
 */
public record RestoreFrom(String checkpoint, Map<String, String> renamed) {
    /** Begin anew, whatever checkpoints there are. */
    public static final String NONE = "none";
    /** Begin with the newest completed checkpoint; it is an error if there is none. */
    public static final String LATEST = "latest";
    /** Of a job that begins anew. */
    public static final RestoreFrom NOTHING = new RestoreFrom(NONE, Map.of());

    public RestoreFrom {
        check(checkpoint);
        renamed = Map.copyOf(renamed);
        onWire(renamed);
        if (checkpoint.equals(NONE) && !renamed.isEmpty()) {
            throw ErrorCode.OPTION_INVALID
                    .error("stages are renamed, and there is no checkpoint to begin with")
                    .where("restore map")
                    .help("name a checkpoint to restore from as well: latest, or an id")
                    .toException();
        }
    }

    /** @param checkpoint an id, {@link #LATEST} or {@link #NONE} */
    public static RestoreFrom of(String checkpoint) {
        return new RestoreFrom(checkpoint, Map.of());
    }

    /** The same for a job in which one more stage of the checkpoint has another id. */
    public RestoreFrom renamed(String before, String now) {
        Map<String, String> more = new LinkedHashMap<>(renamed);
        String other = more.put(before, now);
        if (other != null && !other.equals(now)) {
            throw ErrorCode.OPTION_INVALID
                    .error("stage '" + before + "' of a checkpoint cannot become both '" + other + "' and '" + now
                            + "'")
                    .where("restore map")
                    .help("give each stage of the checkpoint one stage of the job")
                    .toException();
        }
        return new RestoreFrom(checkpoint, more);
    }

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

    public boolean isAnew() {
        return checkpoint.equals(NONE);
    }

    /** As the protocol has it, where nothing stands for {@link #NONE}. */
    public String checkpointOnWire() {
        return isAnew() ? "" : checkpoint;
    }

    /** As the protocol has it. */
    public Map<StageId, StageId> renamedOnWire() {
        return onWire(renamed);
    }

    private static Map<StageId, StageId> onWire(Map<String, String> renamed) {
        Map<StageId, StageId> ids = new LinkedHashMap<>();
        renamed.forEach((before, now) -> ids.put(new StageId(before), new StageId(now)));
        return ids;
    }
}
