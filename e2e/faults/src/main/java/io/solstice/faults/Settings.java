package io.solstice.faults;

import io.solstice.common.graph.StateStore;
import io.solstice.faults.workload.Load;
import io.solstice.faults.workload.Workload;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is to be run.
 *
 * @param home the distribution
 * @param folder for everything that processes write
 * @param runs at least so many
 * @param minutes further runs are begun until so much time is over
 * @param faults in each run
 * @param jobs that run side by side
 * @param shape of the cluster
 * @param parts partitions of the source
 * @param rowsPerSecond of each partition
 * @param measure whether nothing but kills comes, so that the way back can be measured
 * @param ballastBytes of state of each counting task besides its counts
 * @param backend where state by key lies; null for what the seed says, or where it lies by default if that is measured
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
        Set<Workload> jobs,
        Shape shape,
        int parts,
        double rowsPerSecond,
        double intervalSecs,
        boolean measure,
        long ballastBytes,
        @Nullable StateStore backend,
        boolean keep) {
    private static final double OTHERS_ARE_SLOWER = 10;

    Settings {
        kinds = Set.copyOf(kinds);
        jobs = Set.copyOf(jobs);
    }

    /** What is planned for a seed. */
    Schedule schedule(long runSeed) {
        return measure ? Schedule.ofKills(runSeed, faults, shape) : Schedule.of(runSeed, faults, kinds, shape);
    }

    /** How long a run generates at its steady rate, if it is let: amply more than its faults take. */
    double seconds() {
        return measure ? 60 + 40.0 * faults : 120 + 60.0 * faults;
    }

    /** Where state by key lies in a run. */
    Backends backends(long runSeed) {
        return Backends.of(runSeed, measure && backend == null ? StateStore.AUTO : backend);
    }

    /** Says where state by key lies in a run; null if nothing keeps any there. */
    @Nullable
    String stateText(long runSeed) {
        if (measure) {
            return ballastBytes == 0
                    ? null
                    : "the state of visitors is in " + backends(runSeed).first().word();
        }
        return jobs.stream().anyMatch(Workload::hasStores)
                ? "the state of " + Workload.VISITS.job() + " is in " + backends(runSeed)
                : null;
    }

    /** What a job has to do in a run. */
    Load load(Workload workload, long runSeed, Path output) {
        boolean main = workload == Workload.EVENTS;
        // Each task reads two partitions of the main job, one after the other, and one of the others.
        double rate = main ? rowsPerSecond : rowsPerSecond / OTHERS_ARE_SLOWER;
        return new Load(
                runSeed,
                main ? parts : workload.parts(),
                (long) (seconds() * rate / (main ? 2 : 1)),
                rate,
                intervalSecs,
                output.toString(),
                main ? ballastBytes : 0,
                2 + Math.floorMod(runSeed, 2),
                measure || workload.hasStores() ? backends(runSeed).first() : StateStore.AUTO,
                "");
    }

    /** The command that makes a run again. */
    String again(long runSeed) {
        String standby = shape.masters() == 1 ? "" : " --masters " + shape.masters();
        String others = String.join(
                ",",
                Stream.of(Workload.values())
                        .filter(jobs::contains)
                        .skip(1)
                        .map(Workload::job)
                        .toList());
        String chosen = jobs.size() == Workload.values().length || measure
                ? ""
                : " --jobs " + (others.isEmpty() ? "none" : others);
        String kept = backend == null ? "" : " --backend " + backend.word();
        String rest = standby + (shape.s3() ? " --state s3" : "") + chosen + kept;
        if (measure) {
            return "bin/faults --seed " + runSeed + " --recovery " + faults + " --ballast " + (ballastBytes >> 20)
                    + rest;
        }
        String names = String.join(
                ",",
                kinds.stream()
                        .sorted()
                        .map(kind -> kind.name().toLowerCase(java.util.Locale.ROOT))
                        .toList());
        return "bin/faults --seed " + runSeed + " --runs 1 --minutes 0 --faults " + faults + " --kinds " + names + rest;
    }
}
