package io.solstice.faults.workload;

import io.solstice.api.config.Config;
import io.solstice.common.graph.StateStore;
import java.nio.file.Path;

/**
 * How much is generated, and where it goes.
 *
 * @param parts partitions of the source, each a split
 * @param rows of each partition
 * @param rowsPerSecond of each partition
 * @param intervalSecs between two checkpoints
 * @param output folder of the results
 * @param ballastBytes of state by key that each of three tasks holds besides the counts; if there is any, no table is
 *     written
 * @param tasks of each stage with state, in the jobs that can go on with another number of them
 * @param backend where state by key lies while a job runs
 * @param plant a defect that the workload is to have, so that the checker can be checked; empty for none
 */
public record Load(
        long seed,
        int parts,
        long rows,
        double rowsPerSecond,
        double intervalSecs,
        String output,
        long ballastBytes,
        int tasks,
        StateStore backend,
        String plant) {
    /** A file that makes the source generate as fast as it can, as soon as it is there. */
    public Path hurry() {
        return Path.of(output + ".hurry");
    }

    public Config toConfig() {
        return Config.EMPTY
                .with("seed", seed)
                .with("parts", parts)
                .with("rows", rows)
                .with("rows_per_second", rowsPerSecond)
                .with("interval_secs", intervalSecs)
                .with("output", output)
                .with("ballast_bytes", ballastBytes)
                .with("tasks", tasks)
                .with("backend", backend.word())
                .with("plant", plant);
    }

    static Load of(Config config) {
        return new Load(
                config.wholeNumber("seed", 0),
                config.positive("parts", 1),
                config.wholeNumber("rows", 1),
                config.number("rows_per_second", 1000),
                config.number("interval_secs", 1),
                config.required("output"),
                config.wholeNumber("ballast_bytes", 0),
                config.positive("tasks", 2),
                StateStore.of(config.text("backend", StateStore.AUTO.word()), "backend"),
                config.text("plant", ""));
    }

    /** How many visitors the rows of a partition have, so that so many tasks together remember all of the ballast. */
    long visitorsOfPart(int tasks) {
        return Math.max(1, ballastBytes * tasks / parts / Visitors.BYTES);
    }

    boolean has(Plant defect) {
        return plant.equals(defect.name());
    }

    /** With a defect. */
    public Load with(Plant defect) {
        return with(tasks, backend, defect.name());
    }

    /** With so many tasks of each stage with state, which lies there. */
    public Load with(int otherTasks, StateStore otherBackend) {
        return with(otherTasks, otherBackend, plant);
    }

    private Load with(int otherTasks, StateStore otherBackend, String otherPlant) {
        return new Load(
                seed,
                parts,
                rows,
                rowsPerSecond,
                intervalSecs,
                output,
                ballastBytes,
                otherTasks,
                otherBackend,
                otherPlant);
    }
}
