package io.solstice.api.gpu;

import java.util.List;

/**
 * The GPUs of a task, for as long as it lives. A whole GPU is of one task alone; tasks that ask for a fraction may share
 * one. A task of 1.5 GPUs has one alone and a part of another, which comes last.
 *
 * <p>Nothing keeps a task from using others: the environment of a running JVM cannot be changed, so code in it has to
 * choose its device by {@link #gpuOrdinals()}, and a process that it starts has to be told {@link #gpuIds()}.
 */
public interface GpuContext {
    /**
     * The GPUs as CUDA_VISIBLE_DEVICES would have them, for a process that the task starts:
     * {@code builder.environment().put("CUDA_VISIBLE_DEVICES", String.join(",", context.gpuIds()))}. Empty if the stage
     * asks for none, or if the machine has none in an embedded run.
     */
    default List<String> gpuIds() {
        return List.of();
    }

    /**
     * The same GPUs as numbers from 0 among those that the worker's own process sees, which is how libraries in this JVM
     * are told of a device.
     */
    default List<Integer> gpuOrdinals() {
        return List.of();
    }
}
