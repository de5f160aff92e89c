package io.solstice.exchange.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.loop.Clock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandlingTest {
    private static final long BATCH = 1_000_000;

    private long nanos;
    private final Handling handling = new Handling(new Clock() {
        @Override
        public long wallMillis() {
            return 0;
        }

        @Override
        public long monotonicNanos() {
            return nanos;
        }
    });

    private boolean handles(long bytes, long millis) {
        handling.begins(bytes);
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        return handling.isDone();
    }

    @Test
    void nothingChangesBeforeABatchHasBeenHandled() {
        assertThat(handling.isDone()).isFalse();
    }

    @Test
    void asManyBytesComeSoonAsAreHandledInFiftyMilliseconds() {
        assertThat(handles(BATCH, 10)).isTrue();
        assertThat(handling.soon()).isEqualTo(5 * BATCH);
        assertThat(handling.isDone()).as("waiting for more is not handling").isFalse();
    }

    @Test
    void ofSmallBatchesFewerCome() {
        assertThat(handles(1_000, 1)).isTrue();
        assertThat(handling.soon()).as("those of two milliseconds").isEqualTo(2_000);
    }

    @Test
    void betweenSmallAndLargeThereIsNoStep() {
        assertThat(handles(16 << 10, 1)).isTrue();
        assertThat(handling.soon()).isEqualTo((50 << 14) / 4);
    }

    @Test
    void onlyConsiderableChangesAreTold() {
        handles(BATCH, 10);
        assertThat(handles(BATCH, 11)).isFalse();
        assertThat(handles(BATCH, 100)).isTrue();
        assertThat(handling.soon()).isBetween(BATCH, 2 * BATCH);
    }

    @Test
    void oneSlowBatchIsForgotten() {
        handles(BATCH, 1_000);
        for (int i = 0; i < 60; i++) {
            handles(BATCH, 1);
        }
        assertThat(handling.soon()).isGreaterThan(30 * BATCH);
    }

    @Test
    void aBatchWithoutBytesSaysNothing() {
        assertThat(handles(0, 1_000)).isFalse();
    }

    @Test
    void aBatchThatTookNoTimeMayBeFollowedByAnyNumber() {
        assertThat(handles(BATCH, 0)).isTrue();
        assertThat(handling.soon()).isGreaterThan(1L << 40);
    }
}
