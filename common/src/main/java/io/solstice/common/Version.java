package io.solstice.common;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Which release this is. Master and workers of a cluster must be of the same one. */
public final class Version {
    private Version() {}

    /** For example {@code 0.1.0}. */
    public static String current() {
        try (InputStream text = Version.class.getResourceAsStream("version.txt")) {
            if (text == null) {
                throw new IllegalStateException("version.txt is missing beside " + Version.class.getName());
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException unreadable) {
            throw new IllegalStateException("version.txt cannot be read", unreadable);
        }
    }
}
