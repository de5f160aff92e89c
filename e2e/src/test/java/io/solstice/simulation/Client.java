package io.solstice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

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
    private final JobSpec spec;
    private @Nullable RunId run;
    private @Nullable JobState seen;
    private long newestTerm;

    Client(World world, JobSpec spec) {
        this.world = world;
        this.spec = spec;
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
        assertThat(run == null || run.equals(made))
                .as("request %s made %s, and now %s", spec.requestId(), run, made)
                .isTrue();
        if (run == null) {
            run = made;
            look();
        }
    }

    void rejected(SolsticeError why) {
        throw new AssertionError(
                "request " + spec.requestId() + ", the only one for its job, was refused: " + why.what());
    }

    void cancel() {
        RunId made = run;
        if (made != null) {
            world.toMaster(master -> master.happens(new MasterEvent.Cancel(made)));
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
        assertThat(state).as("%s is forgotten", run).isNotNull();
        if (seen != null && seen.isTerminal()) {
            assertThat(state).as("%s had ended", run).isEqualTo(seen);
        }
        seen = state;
    }

    boolean isAnswered() {
        return run != null;
    }
}
