package io.solstice.bench.measure;

import java.io.PrintStream;
import java.util.List;

/**
 * Runs contenders against each other: a warm-up of each, then rounds in which each runs once, so that a neighbour on
 * the machine hits all alike.
 */
public final class Runner {
    private final int rounds;
    private final PrintStream out;
    private final Report report;

    public Runner(int rounds, PrintStream out, Report report) {
        this.rounds = rounds;
        this.out = out;
        this.report = report;
    }

    /** Prints a line of JSON for each measured run. */
    public void run(List<Contender> contenders) throws Exception {
        for (int round = 0; round <= rounds; round++) {
            for (Contender contender : contenders) {
                Measurement measured = measure(contender);
                if (round > 0) {
                    out.println(measured.json());
                    report.add(measured);
                }
            }
        }
    }

    private static Measurement measure(Contender contender) throws Exception {
        System.gc();
        Usage.resetPeak();
        Meter meter = new Meter();
        try {
            contender.work().run(meter);
        } catch (Exception failure) {
            throw new IllegalStateException(contender.label() + " failed: " + failure.getMessage(), failure);
        }
        return meter.measurement(contender);
    }
}
