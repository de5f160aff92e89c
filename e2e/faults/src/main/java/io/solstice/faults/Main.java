package io.solstice.faults;

import io.solstice.common.loop.Clock;
import io.solstice.faults.rig.Rig;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The command {@code bin/faults}: runs with one seed after the other, a page, and a last line that is the verdict. */
public final class Main {
    private static final int BROKEN = 1;
    private static final int WRONG_USE = 2;

    private Main() {}

    public static void main(String[] words) throws Exception {
        System.exit(run(List.of(words), System.out, System.err));
    }

    /** Returns the exit status: 0 only if every run held. */
    static int run(List<String> words, PrintStream out, PrintStream err) throws Exception {
        Options options;
        Settings settings;
        Set<Schedule.Kind> possible = Schedule.Kind.possible();
        String home = System.getenv("SOLSTICE_HOME");
        if (home == null || !Files.isExecutable(Path.of(home, "bin", "start-master"))) {
            err.println("faults: SOLSTICE_HOME names no installation; run: mvn -DskipTests package");
            return WRONG_USE;
        }
        try {
            options = Options.of(words);
            settings =
                    options.settings(Path.of(home).toAbsolutePath(), Clock.SYSTEM.wallMillis() % 1_000_000, possible);
        } catch (Options.Wrong wrong) {
            err.println("faults: " + wrong.getMessage() + "; see bin/faults --help");
            return WRONG_USE;
        }
        if (!possible.contains(Schedule.Kind.DISK)) {
            out.println("left out: disk, which needs a C compiler (cc)");
        }
        if (!possible.contains(Schedule.Kind.PARTITION)) {
            out.println("left out: partition, which needs the right to make network namespaces (root, ip)");
        }
        Report report = run(settings, out);
        Path page = options.report(settings.folder().resolve("faults.md"));
        report.write(page);
        report.figures().forEach(out::println);
        out.println("report: " + page);
        out.println(report.verdict());
        return report.held() ? 0 : BROKEN;
    }

    private static Report run(Settings settings, PrintStream out) throws Exception {
        Report report = new Report(settings);
        long begun = Clock.SYSTEM.monotonicNanos();
        for (int i = 0;
                i < settings.runs() || (Clock.SYSTEM.monotonicNanos() - begun) / 60e9 < settings.minutes();
                i++) {
            Outcome outcome = trial(settings, settings.seed() + i, out);
            report.add(outcome);
            if (outcome.verdict() == Outcome.Verdict.HELD && !settings.keep()) {
                Rig.delete(outcome.folder());
            }
        }
        return report;
    }

    private static Outcome trial(Settings settings, long seed, PrintStream out) throws Exception {
        Schedule schedule = settings.schedule(seed);
        out.println("seed " + seed + ", again with: " + settings.again(seed));
        String state = settings.stateText(seed);
        if (state != null) {
            out.println("  " + state);
        }
        schedule.entries().forEach(entry -> out.println("  planned " + entry));
        Path folder = settings.folder().resolve("seed-" + seed);
        Outcome outcome = new Trial(settings, seed, schedule, folder, out).run();
        outcome.account().lines().forEach(line -> out.println("  found " + line));
        outcome.vacuous().forEach(line -> out.println("  void: " + line));
        out.println("  " + Summary.of(List.of(outcome)).line(outcome.verdict().name()));
        return outcome;
    }
}
