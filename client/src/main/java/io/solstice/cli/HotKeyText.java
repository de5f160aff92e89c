package io.solstice.cli;

import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.StageStatus;
import java.util.ArrayList;
import java.util.List;

/** Which keys have more rows than one task should have, for people. */
final class HotKeyText {
    private HotKeyText() {}

    static List<String> of(Job job) {
        List<String> lines = new ArrayList<>();
        for (StageStatus stage : job.getStagesList()) {
            if (stage.hasHotKey()) {
                lines.add("hot key    " + Math.round(100 * stage.getHotKey().getShare()) + " % of the rows to '"
                        + stage.getStageId() + "' have the key '"
                        + shown(stage.getHotKey().getKey()) + "', which one of its "
                        + stage.getWorkerCount() + " tasks must have");
            }
        }
        if (!lines.isEmpty()) {
            lines.add("           more tasks do not help: aggregate with count, sum, min, max or avg, or by a finer key"
                    + " first");
        }
        return lines;
    }

    /** A key is data, and must not steer the terminal. */
    private static String shown(String key) {
        return key.replaceAll("\\p{Cntrl}", "?");
    }
}
