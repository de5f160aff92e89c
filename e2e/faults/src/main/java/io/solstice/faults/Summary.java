package io.solstice.faults;

import io.solstice.faults.check.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The figures of several runs together. */
record Summary(List<Outcome> outcomes) {
    static Summary of(List<Outcome> outcomes) {
        return new Summary(List.copyOf(outcomes));
    }

    private int count(Kind... kinds) {
        return outcomes.stream()
                .mapToInt(outcome -> Stream.of(kinds)
                        .mapToInt(kind -> outcome.account().count(kind))
                        .sum())
                .sum();
    }

    private Stream<Incident> incidents() {
        return outcomes.stream().flatMap(outcome -> outcome.incidents().stream());
    }

    private List<Double> recoveries() {
        return times(incident -> incident.effect() == Done.Effect.KILL && incident.restarted());
    }

    private List<Double> ofMasters() {
        return times(incident -> incident.effect() == Done.Effect.NO_RESTART && incident.recoverySecs() >= 0);
    }

    private List<Double> times(Predicate<Incident> which) {
        return incidents().filter(which).map(Incident::recoverySecs).sorted().toList();
    }

    /** The counts in one line, after what it begins with. */
    String line(String beginning) {
        int other = outcomes.stream()
                .flatMap(outcome -> outcome.account().counts().values().stream())
                .mapToInt(Integer::intValue)
                .sum();
        int orphans = count(Kind.ORPHANED);
        int lost = count(Kind.LOST);
        int doubled = count(Kind.DOUBLED);
        int wrong = count(Kind.ALIEN, Kind.CORRUPT, Kind.DAMAGED, Kind.WRONG_VALUE, Kind.WRONG_COUNT);
        int left = count(Kind.LEFT_BEHIND, Kind.UNREFERENCED, Kind.SLOTS, Kind.MEMORY, Kind.GROWN, Kind.PROCESS);
        return String.format(
                Locale.ROOT,
                "%s runs=%d faults=%d records=%d lost=%d doubled=%d wrong=%d left=%d other=%d orphans=%d void=%d"
                        + " checkpoints=%d%s",
                beginning,
                outcomes.size(),
                incidents().count(),
                outcomes.stream().mapToLong(Outcome::generated).sum(),
                lost,
                doubled,
                wrong,
                left,
                other - lost - doubled - wrong - left - orphans,
                orphans,
                outcomes.stream().filter(one -> !one.vacuous().isEmpty()).count(),
                outcomes.stream().mapToLong(Outcome::checkpoints).sum(),
                percentiles(" recovery", recoveries()) + percentiles(" master", ofMasters()));
    }

    /** For the page. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("* Kill of workers to the first new output, seconds:" + percentiles("", recoveries()));
        if (!ofMasters().isEmpty()) {
            lines.add("* Trouble of the master to the next output after it, seconds:" + percentiles("", ofMasters()));
        }
        List<Double> serves = incidents()
                .filter(incident -> incident.kind() == Schedule.Kind.MASTER && incident.bit())
                .map(Incident::healedSecs)
                .sorted()
                .toList();
        if (!serves.isEmpty()) {
            lines.add("* Trouble of the master until one leads, seconds:" + percentiles("", serves));
        }
        addSplit(lines, "the master knows", Progress.Split::known);
        addSplit(lines, "all tasks run again", Progress.Split::running);
        addSplit(lines, "the first checkpoint counts", Progress.Split::checkpoint);
        Map<Schedule.Kind, Long> bit = incidents()
                .filter(Incident::bit)
                .collect(Collectors.groupingBy(Incident::kind, TreeMap::new, Collectors.counting()));
        lines.add("* Faults that bit: "
                + bit.entrySet().stream()
                        .map(one -> one.getKey().name().toLowerCase(Locale.ROOT) + " " + one.getValue())
                        .collect(Collectors.joining(", ")));
        lines.add("* Seeds: "
                + outcomes.stream().map(one -> one.seed() + " " + one.verdict()).collect(Collectors.joining(", ")));
        return lines;
    }

    private void addSplit(List<String> lines, String step, Function<Progress.Split, Double> which) {
        List<Double> times = incidents()
                .map(Incident::split)
                .filter(Objects::nonNull)
                .map(which)
                .filter(time -> time >= 0)
                .sorted()
                .toList();
        if (!times.isEmpty()) {
            lines.add("* Kill of workers until " + step + ", seconds:" + percentiles("", times));
        }
    }

    private static String percentiles(String name, List<Double> sorted) {
        if (sorted.isEmpty()) {
            return name.isEmpty() ? " none" : "";
        }
        return String.format(
                Locale.ROOT,
                "%s n=%d p50=%.2f p99=%.2f max=%.2f",
                name,
                sorted.size(),
                sorted.get(sorted.size() / 2),
                sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1),
                sorted.get(sorted.size() - 1));
    }
}
