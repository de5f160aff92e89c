package io.solstice.bench.measure;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * How often a run takes checkpoints, and where it keeps them.
 *
 * @param seconds from one to the next; 0 for none
 * @param folder of this machine, for the checkpoints alone
 * @param taken gets the milliseconds that each completed checkpoint of a run took
 */
public record Checkpointing(double seconds, Path folder, Consumer<List<Long>> taken) {
    public boolean isOn() {
        return seconds > 0;
    }
}
