package io.solstice.master.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import org.junit.jupiter.api.Test;

class RestartsTest {
    private static final SolsticeError LOST = ErrorCode.WORKER_LOST.error("a worker is gone");

    private final Restarts restarts = new Restarts(RestartPolicy.DEFAULT);
    private long generation;

    private void trouble(long millis, int checkpoints) {
        restarts.begin(new Moment(0, millis), new RunId(new JobId("job"), ++generation), LOST, checkpoints);
    }

    private boolean isDue(long millis) {
        return restarts.isDue(new Moment(0, millis));
    }

    @Test
    void theWaitGrowsWhileNothingIsAchieved() {
        for (int i = 0; i < 5; i++) {
            trouble(i * 10_000, 3);
        }
        assertThat(isDue(40_000 + 799)).isFalse();
        assertThat(isDue(40_000 + 1600)).isTrue();
    }

    @Test
    void aCompletedCheckpointMakesItShortAgain() {
        for (int i = 0; i < 5; i++) {
            trouble(i * 10_000, i);
        }
        assertThat(isDue(40_000)).isFalse();
        assertThat(isDue(40_000 + 100)).isTrue();
    }
}
