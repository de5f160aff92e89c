package io.solstice.common.daemon;

import org.jspecify.annotations.Nullable;

/** The version of this software. */
public final class Version {
    private Version() {}

    /** As the jar's manifest says; classes that are run from a folder have none. */
    public static String current() {
        @Nullable String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
