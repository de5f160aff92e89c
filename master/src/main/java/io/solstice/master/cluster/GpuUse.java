package io.solstice.master.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which GPUs of one worker tasks have, and how much of each. A task takes whole GPUs for itself and, if it asks for a
 * fraction, a part of one more, which it shares; of those that have room it takes the first. GPUs are numbered from 0.
 */
final class GpuUse {
    private static final double EPSILON = 1e-9;

    private final double offered;
    /** Only GPUs that are in use. */
    private final Map<Integer, Double> used;

    GpuUse(double offered) {
        this(offered, Map.of());
    }

    private GpuUse(double offered, Map<Integer, Double> used) {
        this.offered = offered;
        this.used = new TreeMap<>(used);
    }

    GpuUse copy() {
        return new GpuUse(offered, used);
    }

    /** The GPUs that a task would get: whole ones, then the one that it has a part of. Fewer than it needs if full. */
    private List<Integer> choose(double need) {
        List<Integer> chosen = new ArrayList<>();
        for (double part = share(need, 0); part > 0; part = share(need, chosen.size())) {
            int gpu = 0;
            while (gpu < offered - EPSILON && (chosen.contains(gpu) || free(gpu) + EPSILON < part)) {
                gpu++;
            }
            if (gpu >= offered - EPSILON) {
                break;
            }
            chosen.add(gpu);
        }
        return chosen;
    }

    boolean fits(double need) {
        return share(need, choose(need).size()) <= 0;
    }

    /** Gives a task that fits its GPUs. */
    List<Integer> take(double need) {
        List<Integer> chosen = choose(need);
        hold(need, chosen);
        return chosen;
    }

    /** A task has these from an earlier {@link #take}. */
    void hold(double need, List<Integer> gpus) {
        for (int i = 0; i < gpus.size(); i++) {
            used.merge(gpus.get(i), share(need, i), Double::sum);
        }
    }

    /** How much of its i-th GPU a task takes that needs so many; nothing if it needs no more. */
    private static double share(double need, int i) {
        double left = need - i;
        return left > EPSILON ? Math.min(1, left) : 0;
    }

    private double free(int gpu) {
        return Math.min(1, offered - gpu) - used.getOrDefault(gpu, 0.0);
    }
}
