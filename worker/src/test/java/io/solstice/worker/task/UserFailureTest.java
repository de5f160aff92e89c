package io.solstice.worker.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.ErrorKind;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserFailureTest {
    /** A job begins again after that; after wrong code it does not. */
    @Test
    void aDiskThatFailsIsNotTheUsersFault() {
        IOException eio = new IOException("Input/output error");
        for (Exception thrown : List.of(eio, new UncheckedIOException(eio))) {
            SolsticeException located = UserFailure.located(thrown, "stage 'out', task 0");
            assertThat(located.code()).isEqualTo(ErrorCode.IO_FAILED);
            assertThat(located.code().kind()).isEqualTo(ErrorKind.EXTERNAL);
            assertThat(located.error().where()).isEqualTo("stage 'out', task 0");
            assertThat(located.error().cause()).contains("Input/output error");
        }
        assertThat(UserFailure.located(new IllegalStateException("mine"), "stage 'out', task 0")
                        .code())
                .isEqualTo(ErrorCode.FUNCTION_FAILED);
    }
}
