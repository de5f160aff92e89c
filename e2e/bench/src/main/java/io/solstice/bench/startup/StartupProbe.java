package io.solstice.bench.startup;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * The program of a fresh JVM: starts a system, runs a first job and then many more, and prints the milliseconds of each
 * step. The job filters a thousand numbers with two tasks.
 */
public final class StartupProbe {
    static final int LATER_JOBS = 20;
    /** Marks the line with the figures; systems may print other lines. */
    static final String MARK = "startup-millis";

    private StartupProbe() {}

    /** A system that is up. */
    interface Running extends AutoCloseable {
        void runJob(int number) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        long jvmMillis = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        long begun = System.nanoTime();
        try (Running system = arguments[0].equals("solstice") ? SolsticeStartup.start() : FlinkStartup.start()) {
            double up = millisSince(begun);
            double first = timeJob(system, 0);
            double[] later = new double[LATER_JOBS];
            for (int i = 0; i < LATER_JOBS; i++) {
                later[i] = timeJob(system, i + 1);
            }
            Arrays.sort(later);
            System.out.println(MARK + " " + jvmMillis + " " + up + " " + first + " " + later[LATER_JOBS / 2]);
        }
        System.exit(0);
    }

    private static double timeJob(Running system, int number) throws Exception {
        long begun = System.nanoTime();
        system.runJob(number);
        return millisSince(begun);
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }
}
