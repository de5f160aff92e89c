package io.solstice.common.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ResourcesTest {

    @Test
    void theDefaultIsOneCoreAndTwoGibibytes() {
        assertThat(Resources.DEFAULT).isEqualTo(new Resources(1, 0, 2L * 1024 * 1024 * 1024));
    }

    @Test
    void fractionsAndZeroArePossible() {
        Resources needs = Resources.DEFAULT.withCpus(0.5).withGpus(0.25).withMemoryBytes(0);
        assertThat(needs).isEqualTo(new Resources(0.5, 0.25, 0));
    }

    @Test
    void refusesWhatIsNoAmount() {
        refused(() -> Resources.DEFAULT.withCpus(-1));
        refused(() -> Resources.DEFAULT.withCpus(Double.NaN));
        refused(() -> Resources.DEFAULT.withCpus(Double.POSITIVE_INFINITY));
        refused(() -> Resources.DEFAULT.withGpus(-0.1));
        refused(() -> Resources.DEFAULT.withGpus(Double.NaN));
        refused(() -> Resources.DEFAULT.withMemoryBytes(-1));
    }

    private static void refused(ThrowingCallable call) {
        assertThat(catchThrowableOfType(SolsticeException.class, call).code()).isEqualTo(ErrorCode.RESOURCES_INVALID);
    }

    @Test
    void checkpointsAreDueInPositiveTimes() {
        assertThat(CheckpointPolicy.DEFAULT).isEqualTo(new CheckpointPolicy(300, 0));
        for (double seconds : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThat(catchThrowableOfType(SolsticeException.class, () -> new CheckpointPolicy(seconds, 0))
                            .code())
                    .isEqualTo(ErrorCode.OPTION_INVALID);
        }
        assertThat(catchThrowableOfType(SolsticeException.class, () -> new CheckpointPolicy(1, -1))
                        .code())
                .isEqualTo(ErrorCode.OPTION_INVALID);
    }
}
