package io.solstice.faults;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * What is to be run.
 *
 * @param home the distribution
 * @param folder for everything that processes write
 * @param runs at least so many
 * @param minutes further runs are begun until so much time is over
 * @param faults in each run
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
        int workers,
        int parts,
        double rowsPerSecond,
        double intervalSecs,
        boolean keep) {
    Settings {
        kinds = Set.copyOf(kinds);
    }

    static Settings of(Path home, Path folder, long seed) {
        Set<Schedule.Kind> kinds = EnumSet.of(Schedule.Kind.KILL, Schedule.Kind.PAUSE, Schedule.Kind.CRASH);
        return new Settings(home, folder, seed, 1, 10, 6, kinds, 3, 4, 1000, 1, false);
    }

    /** How long a run generates, at least. */
    double seconds() {
        return 8 + 9.0 * faults;
    }

    long rows() {
        return (long) (seconds() * rowsPerSecond);
    }

    /** The command that makes a run again. */
    String again(long runSeed) {
        String names = String.join(
                ",",
                kinds.stream().sorted().map(kind -> kind.name().toLowerCase(java.util.Locale.ROOT)).toList());
        return "bin/faults --seed " + runSeed + " --runs 1 --minutes 0 --faults " + faults + " --kinds " + names;
    }
}
