package io.solstice.master.job;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.JobId;
import io.solstice.common.protocol.JobState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a job has come, which {@link JobState} draws, and by which steps. */
final class Course {
    private final JobId job;
    private final List<Move> moves = new ArrayList<>();
    private final List<JobFact> facts = new ArrayList<>();
    private JobState state = JobState.CREATED;
    private String waitingFor = "";
    private @Nullable SolsticeError error;

    Course(JobId job) {
        this.job = job;
    }

    /** Of a job that an earlier master led. */
    void resume(Move last) {
        waitingFor = "";
        state = last.state();
        error = last.error();
    }

    JobState state() {
        return state;
    }

    boolean is(JobState wanted) {
        return state == wanted;
    }

    boolean isEnding() {
        return state == JobState.FAILING || state == JobState.CANCELLING || state.isTerminal();
    }

    boolean mayBecome(JobState next) {
        return state.mayBecome(next);
    }

    void become(JobState next) {
        if (!state.mayBecome(next)) {
            throw ErrorCode.INTERNAL
                    .error("job '" + job + "' cannot go from " + state + " to " + next)
                    .toException();
        }
        state = next;
        waitingFor = "";
        moves.add(new Move(next, error));
    }

    /** It has begun to fail, for this reason. */
    void fail(SolsticeError cause) {
        error = cause;
        become(JobState.FAILING);
    }

    /** The reason became known better. */
    void explain(SolsticeError cause) {
        error = cause;
    }

    @Nullable
    SolsticeError error() {
        return error;
    }

    /** What is said of things that the end of the job cuts off. */
    SolsticeError ending() {
        return error != null ? error : ErrorCode.JOB_STATE.error("the job ended");
    }

    String waitingFor() {
        return waitingFor;
    }

    void waitFor(String what) {
        waitingFor = what;
    }

    void note(JobFact fact) {
        facts.add(fact);
    }

    /** What was found out since this was last asked. */
    List<JobFact> takeFacts() {
        List<JobFact> taken = List.copyOf(facts);
        facts.clear();
        return taken;
    }

    /** The steps taken since this was last asked. */
    List<Move> takeMoves() {
        List<Move> taken = List.copyOf(moves);
        moves.clear();
        return taken;
    }
}
