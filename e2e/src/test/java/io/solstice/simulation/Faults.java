package io.solstice.simulation;

import java.util.Random;

/**
 * What goes wrong in one simulation, and how often. Every seed turns on some faults and leaves others out, since
 * different faults hide each other.
 *
 * @param workerCrash chance of each kind of fault, a second of virtual time
 * @param duplicate chance that a message arrives twice
 * @param slow the longest that a message takes, in milliseconds
 * @param failing chance that a preparation or deployment fails; smaller for a step of a task and for a commit
 * @param storeFailing chance that a call of the state backend fails, or seems to
 * @param storeSlow chance that it takes long
 */
record Faults(
        double workerCrash,
        double workerStop,
        double masterCrash,
        double pause,
        double partition,
        double oneWay,
        double reset,
        double duplicate,
        long slow,
        double failing,
        double storeFailing,
        double storeSlow) {
    static Faults of(Random random) {
        return random.nextInt(5) == 0 ? ofMasters(random) : ofAll(random);
    }

    /** Workers and the state backend are well, so no job that runs has a reason to begin again. */
    private static Faults ofMasters(Random random) {
        return new Faults(0, 0, 0.1, 0, 0, 0, 0, some(random, 0.3), 40, 0, 0, some(random, 0.02));
    }

    boolean areOfMastersAlone() {
        return equals(new Faults(0, 0, masterCrash, 0, 0, 0, 0, duplicate, slow, 0, 0, storeSlow));
    }

    private static Faults ofAll(Random random) {
        return new Faults(
                some(random, 0.02),
                some(random, 0.01),
                some(random, 0.01),
                some(random, 0.02),
                some(random, 0.02),
                some(random, 0.02),
                some(random, 0.03),
                some(random, 0.3),
                random.nextInt(3) == 0 ? 3_000 : 40,
                some(random, 0.02),
                some(random, 0.1),
                some(random, 0.02));
    }

    private static double some(Random random, double most) {
        return random.nextInt(3) == 0 ? 0 : random.nextDouble() * most;
    }

    Faults none() {
        return new Faults(0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0);
    }
}
