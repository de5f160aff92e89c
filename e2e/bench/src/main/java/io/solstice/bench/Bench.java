package io.solstice.bench;

import io.solstice.bench.measure.Report;
import io.solstice.bench.measure.Runner;

/** The program behind {@code bin/bench}. */
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println("bench: " + wrong.getMessage());
            System.exit(2);
            return;
        }
        Report report = new Report();
        Runner runner = new Runner(options.rounds(), System.out, report);
        if (NexmarkSuite.isWanted(options)) {
            new NexmarkSuite(options, runner).run();
        }
        report.print(System.out);
        // Systems under test may leave threads behind; the figures are out.
        System.exit(0);
    }
}
