package io.solstice.bench.startup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Starts each system several times in a JVM of its own, and prints the medians. */
public final class StartupSuite {
    private static final List<String> STEPS = List.of("jvm", "system", "first-job", "later-job");

    private final int rounds;
    private final PrintStream out;

    public StartupSuite(int rounds, PrintStream out) {
        this.rounds = rounds;
        this.out = out;
    }

    public void run(List<String> systems) throws IOException, InterruptedException {
        out.printf(
                Locale.ROOT,
                "%n%-10s %10s %10s %12s %12s   milliseconds, median of %d%n",
                "start-up",
                "jvm",
                "system",
                "first job",
                "later jobs",
                rounds);
        for (String system : systems) {
            List<double[]> runs = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                double[] run = probe(system);
                runs.add(run);
                for (int step = 0; step < STEPS.size(); step++) {
                    out.printf(
                            Locale.ROOT,
                            "{\"system\":\"%s\",\"query\":\"startup\",\"variant\":\"%s\",\"secs\":%.4f}%n",
                            system,
                            STEPS.get(step),
                            run[step] / 1000);
                }
            }
            out.printf(
                    Locale.ROOT,
                    "%-10s %10.0f %10.0f %12.0f %12.1f%n",
                    system,
                    median(runs, 0),
                    median(runs, 1),
                    median(runs, 2),
                    median(runs, 3));
        }
    }

    private static double median(List<double[]> runs, int step) {
        return runs.stream()
                .mapToDouble(run -> run[step])
                .sorted()
                .skip(runs.size() / 2)
                .findFirst()
                .orElse(-1);
    }

    private static double[] probe(String system) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StartupProbe.class.getName(), system));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        double[] millis = null;
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(StartupProbe.MARK)) {
                    String[] figures =
                            line.substring(StartupProbe.MARK.length() + 1).split(" ");
                    millis = new double[figures.length];
                    for (int i = 0; i < figures.length; i++) {
                        millis[i] = Double.parseDouble(figures[i]);
                    }
                }
            }
        }
        int status = process.waitFor();
        if (status != 0 || millis == null) {
            throw new IllegalStateException("the start-up of " + system + " ended with status " + status);
        }
        return millis;
    }
}
