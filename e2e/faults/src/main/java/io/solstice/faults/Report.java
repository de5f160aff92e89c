package io.solstice.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is told of all runs: a page, and the last line. */
final class Report {
    private final Settings settings;
    private final List<Outcome> outcomes = new ArrayList<>();

    Report(Settings settings) {
        this.settings = settings;
    }

    void add(Outcome outcome) {
        outcomes.add(outcome);
    }

    boolean held() {
        return !outcomes.isEmpty() && outcomes.stream().allMatch(outcome -> outcome.verdict() == Outcome.Verdict.HELD);
    }

    /** The last line that is printed. */
    String verdict() {
        Outcome.Verdict worst =
                outcomes.stream().map(Outcome::verdict).max(Enum::compareTo).orElse(Outcome.Verdict.VOID);
        return Summary.of(outcomes).line("faults: " + worst);
    }

    /** Printed before it. */
    List<String> figures() {
        return settings.measure() ? Summary.of(outcomes).lines() : List.of();
    }

    /** Writes the page. */
    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# Fault harness");
        lines.add("");
        lines.add("    " + verdict());
        lines.add("");
        lines.addAll(Summary.of(outcomes).lines());
        for (Outcome outcome : outcomes) {
            lines.addAll(page(outcome));
        }
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.write(file, lines);
    }

    private List<String> page(Outcome outcome) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("## Seed " + outcome.seed() + ": " + outcome.verdict());
        lines.add("");
        lines.add("Again: `" + settings.again(outcome.seed()) + "`");
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "%.0f s, %d rows generated, %d read from both outputs, %d checkpoints.",
                outcome.seconds(),
                outcome.generated(),
                outcome.accounted(),
                outcome.checkpoints()));
        String state = settings.stateText(outcome.seed());
        if (state != null) {
            lines.add("");
            lines.add(Character.toUpperCase(state.charAt(0)) + state.substring(1) + ".");
        }
        section(lines, "Schedule", outcome.schedule().entries());
        section(lines, "What happened", outcome.incidents());
        section(lines, "Found", outcome.account().lines());
        section(lines, "What processes take", outcome.footprints());
        section(lines, "Proves nothing, because", outcome.vacuous());
        if (outcome.verdict() != Outcome.Verdict.HELD) {
            lines.add("");
            lines.add("Everything the processes wrote is in `" + outcome.folder() + "`.");
            section(lines, "From the logs", outcome.log());
        }
        return lines;
    }

    private static void section(List<String> lines, String title, List<?> entries) {
        if (entries.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(title + ":");
        lines.add("");
        entries.forEach(entry -> lines.add("* `" + entry.toString().strip() + "`"));
    }
}
