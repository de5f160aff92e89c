package io.solstice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a coded refusal says. */
public final class Refusals {
    private Refusals() {}

    public static SolsticeError refused(ErrorCode code, ThrowingCallable call) {
        SolsticeException thrown = catchThrowableOfType(SolsticeException.class, call);
        assertThat(thrown).as("a refusal with %s", code).isNotNull();
        assertThat(thrown.code()).as(thrown.getMessage()).isEqualTo(code);
        return thrown.error();
    }
}
