package io.solstice.common.graph;

import io.solstice.common.error.ErrorCode;

/**
 * What each task of a stage needs.
 *
 * @param numCpus cores, may be a fraction
 * @param numGpus GPUs, may be a fraction
 * @param memoryBytes heap and off-heap memory
 */
public record Resources(double numCpus, double numGpus, long memoryBytes) {
    /** One core, no GPU, 2 GiB. */
    public static final Resources DEFAULT = new Resources(1, 0, 2L << 30);

    public static final Resources NONE = new Resources(0, 0, 0);

    public Resources {
        if (!(numCpus >= 0 && numCpus <= 4096) || !(numGpus >= 0 && numGpus <= 4096) || memoryBytes < 0) {
            throw ErrorCode.RESOURCES_INVALID
                    .error("a task cannot need " + numCpus + " CPUs, " + numGpus + " GPUs and " + memoryBytes
                            + " bytes")
                    .cause("num_cpus and num_gpus must lie in 0..4096, memory must not be negative")
                    .help("give cores and GPUs as numbers and memory in bytes, for example 8L << 30 for 8 GiB")
                    .toException();
        }
    }

    public Resources withCpus(double cpus) {
        return new Resources(cpus, numGpus, memoryBytes);
    }

    public Resources withGpus(double gpus) {
        return new Resources(numCpus, gpus, memoryBytes);
    }

    public Resources withMemoryBytes(long bytes) {
        return new Resources(numCpus, numGpus, bytes);
    }

    public Resources plus(Resources other) {
        return new Resources(
                numCpus + other.numCpus, numGpus + other.numGpus, Math.addExact(memoryBytes, other.memoryBytes));
    }
}
