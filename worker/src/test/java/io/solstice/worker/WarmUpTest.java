package io.solstice.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.solstice.api.row.Row;
import io.solstice.spi.StateFormat;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void aRoundGoesTheWholeWayAndLeavesNothing() throws Exception {
        try (BufferAllocator memory = new RootAllocator()) {
            StateFormat.State state = new StateFormat.State(Row.of("bytes", new byte[] {1, 2}), Row.of("n", 3));
            StateFormat.State found = WarmUp.round(state, memory);
            assertThat(found.checkpoint().get("bytes")).isEqualTo(new byte[] {1, 2});
            assertThat(found.values()).isEqualTo(Row.of("n", 3));
        }
    }

    @Test
    void aWorkerMayEndBeforeItIsWarm() {
        assertThatCode(() -> WarmUp.soon().close()).doesNotThrowAnyException();
    }
}
