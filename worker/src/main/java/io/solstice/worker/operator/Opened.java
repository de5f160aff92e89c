package io.solstice.worker.operator;

import org.jspecify.annotations.Nullable;

/** What {@code open} sets and {@code process} needs. */
final class Opened {
    private Opened() {}

    static <T> T check(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("process was called before open");
        }
        return value;
    }
}
