package io.solstice.bench.startup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Starts each system several times in a JVM of its own, and prints the medians. */
public final class StartupSuite {
    private static final List<String> STEPS = List.of("jvm", "system", "first-job", "later-job", "cpu-to-first-job");

    private final int rounds;
    private final PrintStream out;

    public StartupSuite(int rounds, PrintStream out) {
        this.rounds = rounds;
        this.out = out;
    }

    public void run(List<String> systems) throws IOException, InterruptedException {
        Map<String, List<double[]>> bySystem = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (String system : systems) {
                double[] millis = probe(system);
                bySystem.computeIfAbsent(system, first -> new ArrayList<>()).add(millis);
                for (int step = 0; step < STEPS.size(); step++) {
                    out.printf(
                            Locale.ROOT,
                            "{\"system\":\"%s\",\"query\":\"startup\",\"variant\":\"%s\",\"secs\":%.4f}%n",
                            system,
                            STEPS.get(step),
                            millis[step] / 1000);
                }
            }
        }
        out.println("start-up, milliseconds, medians: " + String.join(", ", STEPS));
        bySystem.forEach((system, runs) -> {
            StringBuilder line = new StringBuilder(String.format("%-10s", system));
            for (int step = 0; step < STEPS.size(); step++) {
                line.append(String.format(Locale.ROOT, " %9.1f", median(runs, step)));
            }
            out.println(line);
        });
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
