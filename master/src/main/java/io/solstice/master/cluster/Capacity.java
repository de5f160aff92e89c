package io.solstice.master.cluster;

import io.solstice.common.graph.Resources;
import java.util.List;

/** Of one worker: what it offers and how much of it tasks have reserved. Changed while tasks are placed. */
final class Capacity {
    private static final double EPSILON = 1e-9;

    private final Resources offered;
    private Resources reserved = Resources.NONE;
    private GpuUse gpus;
    private int tasks;

    Capacity(Resources offered) {
        this.offered = offered;
        this.gpus = new GpuUse(offered.numGpus());
    }

    Capacity copy(boolean withReserved) {
        Capacity copy = new Capacity(offered);
        if (withReserved) {
            copy.reserved = reserved;
            copy.gpus = gpus.copy();
            copy.tasks = tasks;
        }
        return copy;
    }

    /** Gives room to a task that fits, and says which GPUs are the task's. */
    List<Integer> take(Resources need) {
        List<Integer> taken = gpus.take(need.numGpus());
        reserve(need);
        return taken;
    }

    /** A task is there already, with these GPUs. */
    void hold(Resources need, List<Integer> taken) {
        gpus.hold(need.numGpus(), taken);
        reserve(need);
    }

    private void reserve(Resources need) {
        reserved = reserved.plus(need);
        tasks++;
    }

    boolean fits(Resources need) {
        return fitsIn(need, offered, reserved) && gpus.fits(need.numGpus());
    }

    /** Whether it would fit if nothing else were there. */
    boolean couldFit(Resources need) {
        return fitsIn(need, offered, Resources.NONE) && new GpuUse(offered.numGpus()).fits(need.numGpus());
    }

    private static boolean fitsIn(Resources need, Resources offered, Resources reserved) {
        return reserved.numCpus() + need.numCpus() <= offered.numCpus() + EPSILON
                && reserved.numGpus() + need.numGpus() <= offered.numGpus() + EPSILON
                && reserved.memoryBytes() + need.memoryBytes() <= offered.memoryBytes();
    }

    Resources offered() {
        return offered;
    }

    Resources reserved() {
        return reserved;
    }

    Resources free() {
        return new Resources(
                Math.max(0, offered.numCpus() - reserved.numCpus()),
                Math.max(0, offered.numGpus() - reserved.numGpus()),
                Math.max(0, offered.memoryBytes() - reserved.memoryBytes()));
    }

    int tasks() {
        return tasks;
    }

    /** Tasks for each core. */
    double load() {
        return tasks / Math.max(1, offered.numCpus());
    }
}
