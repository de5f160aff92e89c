package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.ErrorKind;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.id.RunId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a job that met trouble begins again, and when. The first time it hardly waits; then the wait doubles from
 * restart to restart and is spread, so that many jobs that met the same trouble do not come back at one moment. A completed
 * checkpoint or a quiet minute makes it short again.
 */
final class Restarts {
    private static final long FIRST_WAIT_MILLIS = 20;
    private static final long SECOND_WAIT_MILLIS = 200;
    private static final long LONGEST_WAIT_MILLIS = 10_000;
    private static final long QUIET_MILLIS = 60_000;

    private final RestartPolicy policy;
    private final Deque<Trouble> recent = new ArrayDeque<>();
    private int count;
    private int inRow;
    private int completed;
    private long notBeforeMillis;
    private @Nullable SolsticeError cause;

    private record Trouble(long steadyMillis, SolsticeError cause) {}

    Restarts(RestartPolicy policy) {
        this.policy = policy;
    }

    /** Of a job that has begun again under an earlier master; that is not counted against it here. */
    void resume(int before, @Nullable SolsticeError why) {
        count = before;
        cause = why;
    }

    int count() {
        return count;
    }

    /** Why the job began again the last time; null if it never did. */
    @Nullable
    SolsticeError cause() {
        return cause;
    }

    /** Whether what it reads cannot be read a second time. */
    static boolean readsOnce(JobGraph graph) {
        return graph.stages().stream().anyMatch(stage -> stage.operatorType().equals("FlightSource"));
    }

    /** Why trouble is the job's end, or null if it begins again. */
    @Nullable
    SolsticeError refusal(Moment now, JobGraph graph, SolsticeError why) {
        if (why.code().kind() == ErrorKind.USER || policy.attempts() == 0) {
            return why;
        }
        if (readsOnce(graph)) {
            return why.help(
                    "the job cannot begin again by itself, since what was sent to its FlightSource cannot be read"
                            + " a second time; run it again");
        }
        recent.removeIf(earlier -> now.steadyMillis() - earlier.steadyMillis() > policy.windowMillis());
        return recent.size() < policy.attempts() ? null : exhausted(why);
    }

    /** The last cause under its own code, with those before it. */
    private SolsticeError exhausted(SolsticeError why) {
        String before = recent.stream()
                .map(trouble ->
                        trouble.cause().code().code() + " " + trouble.cause().what())
                .distinct()
                .collect(Collectors.joining("; "));
        String own = why.cause().isEmpty() ? "" : why.cause() + "; ";
        String first = why.help().isEmpty() ? "mend the cause" : why.help();
        return why.cause(own + "the job had begun again " + recent.size() + " times within "
                        + policy.windowMillis() / 1000 + " s, after: " + before)
                .help(first
                        + "; then run the job again with --restore-from latest (restart_attempts says how often a job"
                        + " begins again by itself)");
    }

    /**
     * Trouble that {@link #refusal} let pass.
     *
     * @param checkpoints so many have been completed, over all generations
     */
    void begin(Moment now, RunId run, SolsticeError why, int checkpoints) {
        Trouble before = recent.peekLast();
        boolean quiet = before == null || now.steadyMillis() - before.steadyMillis() > QUIET_MILLIS;
        inRow = quiet || checkpoints > completed ? 0 : inRow + 1;
        completed = checkpoints;
        recent.add(new Trouble(now.steadyMillis(), why));
        count++;
        cause = why;
        long whole = inRow == 0
                ? FIRST_WAIT_MILLIS
                : Math.min(LONGEST_WAIT_MILLIS, SECOND_WAIT_MILLIS << Math.min(inRow - 1, 20));
        notBeforeMillis = now.steadyMillis() + whole / 2 + spread(run, whole / 2);
    }

    /** It begins again at once without trouble, which does not count against it. */
    void move(Moment now, SolsticeError why) {
        count++;
        cause = why;
        notBeforeMillis = now.steadyMillis();
    }

    /** The same for the same run, so that a simulation repeats itself. */
    private static long spread(RunId run, long most) {
        long mixed = (run.job().value().hashCode() * 31L + run.generation()) * 0x9E3779B97F4A7C15L;
        return Math.floorMod(mixed >>> 17, most + 1);
    }

    /** The loss of a worker explains the roads that broke with it. */
    void explain(SolsticeError better) {
        Trouble newest = recent.peekLast();
        if (newest != null && newest.cause().code() == ErrorCode.EXCHANGE_LOST) {
            recent.removeLast();
            recent.add(new Trouble(newest.steadyMillis(), better));
            cause = better;
        }
    }

    /** Whether the wait is over. */
    boolean isDue(Moment now) {
        return now.steadyMillis() >= notBeforeMillis;
    }
}
