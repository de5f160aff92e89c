package io.solstice.cli;

import io.solstice.common.error.SolsticeError;

/** The command line itself is wrong. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient SolsticeError error;

    UsageException(SolsticeError error) {
        super(error.display());
        this.error = error;
    }

    SolsticeError error() {
        return error;
    }
}
