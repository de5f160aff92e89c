package io.solstice.faults;

import java.nio.file.Path;
import java.util.Set;

/**
 * What is to be run.
 *
 * @param home the distribution
 * @param folder for everything that processes write
 * @param runs at least so many
 * @param minutes further runs are begun until so much time is over
 * @param faults in each run
 * @param masters one leads, the others stand by
 * @param parts partitions of the source
 * @param rowsPerSecond of each partition
 * @param keep whether folders of runs that held are kept as well
 */
record Settings(
        Path home,
        Path folder,
        long seed,
        int runs,
        double minutes,
        int faults,
        Set<Schedule.Kind> kinds,
        int masters,
        int workers,
        int parts,
        double rowsPerSecond,
        double intervalSecs,
        boolean keep) {
    Settings {
        kinds = Set.copyOf(kinds);
    }

    /** How long a run generates at its steady rate, if it is let: amply more than its faults take. */
    double seconds() {
        return 120 + 60.0 * faults;
    }

    long rows() {
        return (long) (seconds() * rowsPerSecond / 2);
    }

    /** The command that makes a run again. */
    String again(long runSeed) {
        String names = String.join(
                ",",
                kinds.stream()
                        .sorted()
                        .map(kind -> kind.name().toLowerCase(java.util.Locale.ROOT))
                        .toList());
        String standby = masters == 1 ? "" : " --masters " + masters;
        return "bin/faults --seed " + runSeed + " --runs 1 --minutes 0 --faults " + faults + " --kinds " + names
                + standby;
    }
}
