package io.solstice.simulation;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.RunId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.master.cluster.MasterEvent;
import org.jspecify.annotations.Nullable;

/** A user: submits one job until somebody answers, looks at it now and then, and may cancel it. */
final class Client {
    private static final long PATIENCE = 3_000;

    private final World world;
    private final RandomJob job;
    private final JobSpec spec;
    private final boolean again;
    private @Nullable RunId run;
    private @Nullable JobState seen;
    private long newestTerm;

    /** @param again the job has been submitted before, by another request, and has ended */
    Client(World world, RandomJob job, boolean again) {
        this.world = world;
        this.job = job;
        this.spec = job.spec();
        this.again = again;
    }

    RandomJob job() {
        return job;
    }

    boolean isAgain() {
        return again;
    }

    void submit() {
        if (run != null) {
            return;
        }
        world.toMaster(master -> master.submit(spec, this));
        if (world.duplicates()) {
            world.toMaster(master -> master.submit(spec, this));
        }
        world.timeline().in(PATIENCE, this::submit);
    }

    void accepted(RunId made) {
        Invariant.I11.holds(
                run == null || run.equals(made),
                () -> "request " + spec.requestId() + " made " + run + ", and now " + made);
        if (run == null) {
            run = made;
            look();
        }
    }

    /** A master that has been overtaken may not know yet that the job has ended. */
    void rejected(SolsticeError why) {
        Invariant.I11.holds(
                again && why.code() == ErrorCode.JOB_EXISTS,
                () -> "request " + spec.requestId() + ", the only one for its job, was refused: " + why.what());
    }

    void cancel() {
        RunId made = run;
        if (made != null) {
            world.toMaster(master -> master.happens(new MasterEvent.Cancel(made)));
        }
    }

    void deleteCheckpoints(int keepLast) {
        RunId made = run;
        if (made != null) {
            world.toMaster(master -> master.deleteCheckpoints(made, keepLast));
        }
    }

    private void look() {
        RunId made = run;
        if (made != null && world.isRunning()) {
            world.toMaster(master -> master.observe(made, this));
            world.timeline().in(1_000, this::look);
        }
    }

    /** A master that others have followed may tell old news, and is known by its term. */
    void sees(long term, @Nullable JobState state) {
        if (term < newestTerm) {
            return;
        }
        newestTerm = term;
        Invariant.I9.holds(state != null, () -> run + " is forgotten");
        boolean ended = seen != null && seen.isTerminal();
        Invariant.I10.holds(!ended || seen == state, () -> run + " had ended as " + seen + ", and is " + state);
        seen = state;
        if (!ended && state != null && state.isTerminal() && !again) {
            world.sawTheEnd(job);
        }
    }

    boolean isAnswered() {
        return run != null;
    }
}
