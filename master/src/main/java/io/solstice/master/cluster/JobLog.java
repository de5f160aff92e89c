package io.solstice.master.cluster;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.protocol.JobState;
import io.solstice.master.job.JobCoordinator;
import io.solstice.master.job.Moment;
import io.solstice.master.job.Move;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;

/** What happened to a run, for people; the oldest lines go when there are many. */
final class JobLog {
    private static final int LINES = 500;

    private final Deque<LogLine> lines = new ArrayDeque<>();
    private String waitingFor = "";
    private long next;

    void moved(JobCoordinator job, Move move, Moment now) {
        SolsticeError error = move.error();
        if (move.state() == JobState.FAILING && error != null) {
            add(now, LogLine.Level.ERROR, error.display());
        } else if (move.state() == JobState.RESTARTING) {
            SolsticeError cause = job.snapshot().restartCause();
            add(now, LogLine.Level.WARN, "RESTARTING because of " + (cause == null ? "nothing" : cause.display()));
        } else if (move.state() == JobState.DEPLOYING && job.generation().placement() != null) {
            add(
                    now,
                    LogLine.Level.INFO,
                    "DEPLOYING " + job.generation().aliveTasks().size() + " tasks on "
                            + new TreeSet<>(
                                    job.generation().placement().endpoints().keySet()));
        } else {
            add(now, LogLine.Level.INFO, move.state().name());
        }
        waitingFor = "";
    }

    /** Some tasks begin again. */
    void renewed(int tasks, JobCoordinator job, Moment now) {
        SolsticeError cause = job.snapshot().restartCause();
        add(
                now,
                LogLine.Level.WARN,
                tasks + (tasks == 1 ? " task begins" : " tasks begin") + " again because of "
                        + (cause == null ? "nothing" : cause.display()));
        waitingFor = "";
    }

    void waits(String what, Moment now) {
        if (!what.isEmpty() && !what.equals(waitingFor)) {
            waitingFor = what;
            add(now, LogLine.Level.WARN, "waits for " + what);
        }
    }

    private void add(Moment now, LogLine.Level level, String text) {
        lines.add(new LogLine(next++, now.wallMillis(), level, text));
        if (lines.size() > LINES) {
            lines.remove();
        }
    }

    List<LogLine> lines() {
        return List.copyOf(lines);
    }
}
