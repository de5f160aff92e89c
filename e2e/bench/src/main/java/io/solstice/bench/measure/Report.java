package io.solstice.bench.measure;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/**
 * The medians of what was measured, with the ratio of each contender's processor time to that of the system it is
 * compared with: Flink DataStream or DuckDB at the same parallelism, and the hand-written loop.
 */
public final class Report {
    private static final double QUIET = 0.3;

    private final Map<Contender, List<Measurement>> measured = new LinkedHashMap<>();

    void add(Measurement measurement) {
        measured.computeIfAbsent(measurement.contender(), first -> new ArrayList<>())
                .add(measurement);
    }

    /** Figures marked with ~ had no quiet run: other processes used more than 0.3 cores in all of them. */
    public void print(PrintStream out) {
        if (measured.isEmpty()) {
            return;
        }
        String form = "%-16s %-14s %-14s %3s %8s %14s %10s %9s %7s %8s %8s%n";
        out.printf(
                form,
                "query",
                "system",
                "variant",
                "par",
                "secs",
                "events/s",
                "cpu ns/ev",
                "spread",
                "rss MB",
                "x peer",
                "x limit");
        for (Contender contender : measured.keySet()) {
            double cpu = cpu(contender);
            List<Measurement> runs = measured.get(contender);
            boolean quiet = runs.stream().anyMatch(run -> run.otherCores() <= QUIET);
            out.printf(
                    form,
                    contender.query(),
                    contender.system(),
                    contender.variant(),
                    contender.parallelism(),
                    number(median(runs, Measurement::seconds)),
                    String.format(Locale.ROOT, "%s%,.0f", quiet ? "" : "~", median(runs, Measurement::eventsPerSecond)),
                    number(cpu),
                    spread(runs),
                    Math.round(median(runs, Measurement::peakRssMegabytes)),
                    ratio(cpu, contender, other -> isPeer(other, contender)),
                    ratio(cpu, contender, other -> isLimit(other, contender)));
        }
    }

    /**
     * What a variant costs against another one of the same system: medians over the rounds, in each of which the two ran
     * one after the other.
     */
    public void printCost(PrintStream out, String variant, String without) {
        String form = "%-16s %-14s %3s %22s %22s%n";
        out.printf("%s against %s: part of the throughput, more processor time (least..most)%n", variant, without);
        out.printf(form, "query", "system", "par", "less throughput", "more cpu");
        for (Contender contender : measured.keySet()) {
            if (contender.variant().equals(variant)) {
                List<Measurement> with = measured.get(contender);
                List<Measurement> none = measured.keySet().stream()
                        .filter(other ->
                                isSame(other, contender) && other.variant().equals(without))
                        .findFirst()
                        .map(measured::get)
                        .orElse(List.of());
                out.printf(
                        form,
                        contender.query(),
                        contender.system(),
                        contender.parallelism(),
                        percent(with, none, (one, other) -> 1 - one.eventsPerSecond() / other.eventsPerSecond()),
                        percent(with, none, (one, other) -> one.cpuNanosPerEvent() / other.cpuNanosPerEvent() - 1));
            }
        }
    }

    private static boolean isSame(Contender other, Contender contender) {
        return other.system().equals(contender.system())
                && other.query().equals(contender.query())
                && other.parallelism() == contender.parallelism();
    }

    private static String percent(
            List<Measurement> with, List<Measurement> none, ToDoubleBiFunction<Measurement, Measurement> part) {
        List<Double> parts = new ArrayList<>();
        for (int round = 0; round < Math.min(with.size(), none.size()); round++) {
            parts.add(100 * part.applyAsDouble(with.get(round), none.get(round)));
        }
        return parts.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%.1f %% (%.1f..%.1f)",
                        median(parts),
                        Collections.min(parts),
                        Collections.max(parts));
    }

    private static boolean isPeer(Contender other, Contender contender) {
        boolean peer = other.system().equals("flink-ds") || other.system().equals("duckdb");
        return peer && other.parallelism() == contender.parallelism();
    }

    private static boolean isLimit(Contender other, Contender contender) {
        return other.system().equals("limit")
                && contender.variant().startsWith("replay") == other.variant().startsWith("replay");
    }

    private String ratio(double cpu, Contender contender, Predicate<Contender> comparedWith) {
        return measured.keySet().stream()
                .filter(other -> other.query().equals(contender.query()))
                .filter(comparedWith)
                .min(Comparator.comparing(other -> !other.variant().equals(contender.variant())))
                .map(other -> number(cpu / cpu(other)))
                .orElse("");
    }

    private double cpu(Contender contender) {
        return median(measured.getOrDefault(contender, List.of()), Measurement::cpuNanosPerEvent);
    }

    private static String spread(List<Measurement> runs) {
        double least =
                runs.stream().mapToDouble(Measurement::cpuNanosPerEvent).min().orElse(0);
        double most =
                runs.stream().mapToDouble(Measurement::cpuNanosPerEvent).max().orElse(0);
        return String.format(Locale.ROOT, "%.0f..%.0f", least, most);
    }

    private static double median(List<Measurement> runs, ToDoubleFunction<Measurement> figure) {
        return median(runs.stream().map(figure::applyAsDouble).toList());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
    }
}
