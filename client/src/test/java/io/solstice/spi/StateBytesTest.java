package io.solstice.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import org.junit.jupiter.api.Test;

class StateBytesTest {
    @Test
    void aStateThatIsTooLargeIsToldInPlainWords() {
        assertThatThrownBy(() -> StateBytes.ofLength(3L << 30)).isInstanceOfSatisfying(SolsticeException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.STATE_TOO_LARGE);
            assertThat(e.error().cause()).isEqualTo("found 3221225472 bytes, expected at most 2147483639");
            assertThat(e.error().help()).contains("more tasks");
        });
    }
}
