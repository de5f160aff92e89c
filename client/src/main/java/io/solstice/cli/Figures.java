package io.solstice.cli;

import io.solstice.proto.v1.Resources;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Quantities as people read them. */
final class Figures {
    private Figures() {}

    static String bytes(long bytes) {
        if (bytes < 1L << 20) {
            return bytes + " B";
        }
        return bytes < 10L << 30
                ? (bytes >> 20) + " MiB"
                : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
    }

    static String cores(double cpus) {
        return cpus == Math.rint(cpus) ? String.valueOf((long) cpus) : String.format(Locale.ROOT, "%.2f", cpus);
    }

    /** In UTC, to the second. */
    static String time(long millis) {
        return millis == 0
                ? "-"
                : Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** {@code 1.2 s}, {@code 3m 4s}, {@code 5h 6m}, {@code 7d 8h}. */
    static String span(long millis) {
        long seconds = Math.max(0, millis) / 1000;
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", Math.max(0, millis) / 1e3);
        }
        if (seconds < 3600) {
            return seconds / 60 + "m " + seconds % 60 + "s";
        }
        return seconds < 86_400
                ? seconds / 3600 + "h " + seconds % 3600 / 60 + "m"
                : seconds / 86_400 + "d " + seconds % 86_400 / 3600 + "h";
    }

    /** What is free of what is offered, for example {@code 3 of 4}. */
    static String freeCpus(Resources free, Resources offered) {
        return cores(free.getNumCpus()) + " of " + cores(offered.getNumCpus());
    }

    static String freeGpus(Resources free, Resources offered) {
        return offered.getNumGpus() == 0 ? "-" : cores(free.getNumGpus()) + " of " + cores(offered.getNumGpus());
    }

    static String freeMemory(Resources free, Resources offered) {
        return bytes(free.getMemoryBytes()) + " of " + bytes(offered.getMemoryBytes());
    }
}
