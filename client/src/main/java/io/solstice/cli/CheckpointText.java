package io.solstice.cli;

import io.solstice.common.loop.Clock;
import io.solstice.proto.v1.CheckpointStatus;
import io.solstice.proto.v1.Job;
import java.util.ArrayList;
import java.util.List;

/** What became of a job's checkpoints, and how often it began again, for people. */
final class CheckpointText {
    private CheckpointText() {}

    /** How old the newest one is, or a dash. */
    static String age(CheckpointStatus checkpoints) {
        return checkpoints.hasNewest() ? ago(checkpoints.getNewest().getTimeMillis()) : "-";
    }

    static String ago(long millis) {
        return Figures.span(Clock.SYSTEM.wallMillis() - millis) + " ago";
    }

    static List<String> of(Job job) {
        CheckpointStatus checkpoints = job.getCheckpoints();
        CheckpointStatus.Completed newest = checkpoints.getNewest();
        List<String> lines = new ArrayList<>();
        String counts = checkpoints.getCompleted() + " completed, " + checkpoints.getFailed() + " failed";
        String running = checkpoints.getInProgress() == 0 ? "" : ", one in progress";
        lines.add("checkpoint " + counts + running);
        if (checkpoints.hasNewest()) {
            lines.add("newest     " + newest.getCheckpointId() + ", " + ago(newest.getTimeMillis()) + ", took "
                    + newest.getDurationMillis() + " ms, " + Figures.bytes(newest.getBytes()) + " of state");
        }
        if (job.getRestarts() > 0) {
            String cause = job.hasRestartCause()
                    ? ", the last after " + job.getRestartCause().getCode() + " "
                            + job.getRestartCause().getWhat()
                    : "";
            lines.add("restarts   " + job.getRestarts() + cause);
        }
        return lines;
    }
}
