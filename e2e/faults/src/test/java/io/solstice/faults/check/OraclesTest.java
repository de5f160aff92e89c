package io.solstice.faults.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.JobContext;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.common.graph.StateStore;
import io.solstice.common.protocol.JobState;
import io.solstice.faults.workload.JoinedWorkflow;
import io.solstice.faults.workload.Load;
import io.solstice.faults.workload.Plant;
import io.solstice.faults.workload.SessionsWorkflow;
import io.solstice.faults.workload.VisitsWorkflow;
import io.solstice.faults.workload.WindowedWorkflow;
import io.solstice.faults.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real jobs, whose output holds, and then has in it what defects would leave: each is found and counted exactly. */
@Timeout(120)
class OraclesTest {
    private static final long ROWS = 3000;

    @TempDir
    Path folder;

    private Load load(Workload workload) {
        String output = folder.resolve("output").resolve(workload.job()).toString();
        // Rows are late only where the other partition has come as far, so that both must keep a pace.
        double rate = workload.hasLateRows() ? 2_000 : 1e9;
        return new Load(11, workload.parts(), ROWS, rate, 0.3, output, 0, 3, StateStore.AUTO, "");
    }

    private void run(Workload workload, Load load) throws Exception {
        LocalStateBackend state = new LocalStateBackend(folder.resolve("state").toString());
        JobContext context = new JobContext(workload.job(), load.toConfig(), state);
        try (Solstice engine = Solstice.embedded()) {
            JobHandle job = engine.submit(
                    workload.workflow().getDeclaredConstructor().newInstance().createJob(context));
            assertThat(job.await(Duration.ofSeconds(60)).state()).isEqualTo(JobState.FINISHED);
        }
    }

    private Account account(Workload workload, Load load) throws IOException {
        Account account = new Account();
        Oracle oracle = Oracle.of(workload, load, List.of(folder.resolve("state")), account);
        oracle.check(true);
        assertThat(oracle.read()).isPositive();
        assertThat(oracle.vacuous()).isEmpty();
        return account;
    }

    /** What is found when lines of an output have been changed; they are as they were afterwards. */
    private Account changed(Workload workload, String output, Consumer<List<String>> change) throws IOException {
        Load load = load(workload);
        Path all = Path.of(load.output(), output);
        Path kept = folder.resolve("kept");
        Files.move(all, kept);
        List<String> lines = new ArrayList<>();
        for (Path file : JsonFiles.visible(kept)) {
            lines.addAll(Files.readAllLines(file));
        }
        change.accept(lines);
        Files.createDirectories(all);
        Files.write(all.resolve("part-00000.json"), lines);
        Account account = account(workload, load);
        Files.delete(all.resolve("part-00000.json"));
        Files.delete(all);
        Files.move(kept, all);
        return account;
    }

    private static void twice(List<String> lines) {
        lines.add(lines.get(lines.size() / 2));
    }

    private static void missing(List<String> lines) {
        lines.remove(lines.size() / 2);
    }

    private static long number(String line, String column) {
        Matcher value = Pattern.compile("\"" + column + "\":\\s*(-?\\d+)").matcher(line);
        assertThat(value.find()).as("%s in %s", column, line).isTrue();
        return Long.parseLong(value.group(1));
    }

    private static String with(String line, String column, String value) {
        String changed = line.replaceFirst(
                "\"" + column + "\":\\s*(-?\\d+|\"[^\"]*\")", Matcher.quoteReplacement("\"" + column + "\":" + value));
        assertThat(changed).isNotEqualTo(line);
        return changed;
    }

    private static int index(List<String> lines, String column, long atLeast) {
        for (int i = 0; i < lines.size(); i++) {
            if (number(lines.get(i), column) >= atLeast) {
                return i;
            }
        }
        throw new AssertionError("no row with " + column + " of at least " + atLeast);
    }

    @Test
    void windowsThatAreDoubledLostOrWrongAreFound() throws Exception {
        Workload job = Workload.WINDOWED;
        run(job, load(job));
        assertThat(account(job, load(job)).lines()).isEmpty();
        for (String output : List.of(WindowedWorkflow.TUMBLING, WindowedWorkflow.SLIDING)) {
            Account doubled = changed(job, output, OraclesTest::twice);
            assertThat(doubled.counts()).isEqualTo(Map.of(Kind.DOUBLED, 1));
            assertThat(doubled.lines().get(0))
                    .containsPattern("windowed/" + output + ": part-.*: region \\d+, window 20.* to 20.* n=");
            Account lost = changed(job, output, lines -> lines.remove(index(lines, "n", 3)));
            assertThat(lost.counts().get(Kind.LOST))
                    .as("with late rows, if any were in it")
                    .isPositive();
            assertThat(lost.lines().get(0)).containsPattern("region \\d+, window 20.* is missing");
            Account wrong = changed(job, output, lines -> {
                int one = index(lines, "n", 3);
                lines.set(one, with(lines.get(one), "n", Long.toString(number(lines.get(one), "n") + 1)));
            });
            assertThat(wrong.counts().get(Kind.WRONG_VALUE)).isEqualTo(1);
            Account alien = changed(job, output, lines -> lines.add(with(lines.get(0), "region", "100")));
            assertThat(alien.counts()).isEqualTo(Map.of(Kind.ALIEN, 1));
        }
    }

    /** A late row that is nowhere, one that is set aside and was not late, and one that one run sets aside twice. */
    @Test
    void lateRowsThatAreLostOrMadeUpAreFound() throws Exception {
        Workload job = Workload.WINDOWED;
        run(job, load(job));
        Path errors = folder.resolve("state").resolve(job.job()).resolve("errors");
        Path file;
        try (var files = Files.list(errors)) {
            file = files.filter(one -> one.toString().contains(WindowedWorkflow.TUMBLING))
                    .sorted()
                    .toList()
                    .get(0);
        }
        List<String> lines = Files.readAllLines(file);
        Files.write(file, lines.subList(1, lines.size()));
        assertThat(account(job, load(job)).counts()).isEqualTo(Map.of(Kind.LOST, 1));
        List<String> twice = new ArrayList<>(lines);
        twice.add(lines.get(0));
        Files.write(file, twice);
        assertThat(account(job, load(job)).counts()).isEqualTo(Map.of(Kind.DOUBLED, 1));
        List<String> more = new ArrayList<>(lines);
        more.add(with(lines.get(0), "id", "77"));
        Files.write(file, more);
        assertThat(account(job, load(job)).counts()).isEqualTo(Map.of(Kind.WRONG_VALUE, 1));
        List<String> torn = new ArrayList<>(lines);
        torn.add(lines.get(0).substring(0, 20));
        Files.write(file, torn);
        assertThat(account(job, load(job)).counts())
                .as("the end of a file of a process that was killed")
                .isEmpty();
    }

    @Test
    void sessionsThatAreDoubledLostOrSplitAreFound() throws Exception {
        Workload job = Workload.SESSIONS;
        String output = SessionsWorkflow.SESSIONS;
        run(job, load(job));
        assertThat(account(job, load(job)).lines()).isEmpty();
        assertThat(changed(job, output, OraclesTest::twice).counts()).isEqualTo(Map.of(Kind.DOUBLED, 1));
        Account lost = changed(job, output, OraclesTest::missing);
        assertThat(lost.counts()).isEqualTo(Map.of(Kind.LOST, 1));
        assertThat(lost.lines().get(0)).containsPattern("sessions/sessions: key \\d+, session from 2026-");
        Account split = changed(job, output, lines -> {
            int one = index(lines, "n", 4);
            String whole = lines.get(one);
            lines.set(one, with(with(whole, "n", "1"), "window_end", "\"2026-01-01T00:00:01Z\""));
            lines.add(with(
                    with(whole, "n", Long.toString(number(whole, "n") - 1)),
                    "window_start",
                    "\"2026-01-01T00:00:01.234567Z\""));
        });
        assertThat(split.counts()).isEqualTo(Map.of(Kind.WRONG_VALUE, 1, Kind.ALIEN, 1));
    }

    @Test
    void pairsThatAreDoubledMissingOrWrongAreFound() throws Exception {
        Workload job = Workload.JOINED;
        run(job, load(job));
        assertThat(account(job, load(job)).lines()).isEmpty();
        for (String output : List.of(JoinedWorkflow.WINDOWED, JoinedWorkflow.NEAR)) {
            Account doubled = changed(job, output, OraclesTest::twice);
            assertThat(doubled.counts()).isEqualTo(Map.of(Kind.DOUBLED, 1));
            Account lost = changed(job, output, OraclesTest::missing);
            assertThat(lost.counts()).isEqualTo(Map.of(Kind.LOST, 1));
            assertThat(lost.lines().get(0)).containsPattern("joined/" + output + ": key \\d+, left row \\d/\\d+ with");
        }
        Account alone = changed(job, JoinedWorkflow.NEAR, lines -> {
            int pair = 0;
            while (!lines.get(pair).contains("\"right_id\"") || lines.get(pair).contains("\"right_id\":null")) {
                pair++;
            }
            lines.set(pair, lines.get(pair).replaceAll(",\\s*\"right_[a-z_]+\":\\s*-?\\d+", ""));
        });
        assertThat(alone.counts())
                .as("a left row alone that has a partner")
                .isEqualTo(Map.of(Kind.LOST, 1, Kind.ALIEN, 1));
    }

    @Test
    void changesOfStateThatAreDoubledLostOrOutOfOrderAreFound() throws Exception {
        Workload job = Workload.VISITS;
        String output = VisitsWorkflow.VISITS;
        run(job, load(job));
        assertThat(account(job, load(job)).lines()).isEmpty();
        assertThat(changed(job, output, OraclesTest::missing).counts().get(Kind.LOST))
                .isEqualTo(1);
        Account timer = changed(job, output, lines -> {
            int span = 0;
            while (!lines.get(span).contains("\"" + VisitsWorkflow.SPAN + "\"")) {
                span++;
            }
            lines.remove(span);
        });
        assertThat(timer.counts()).isEqualTo(Map.of(Kind.LOST, 1));
        assertThat(timer.lines().get(0)).containsPattern("visits/visits: region \\d+, span to 2026-.* is missing");
        Account twice = changed(job, output, OraclesTest::twice);
        assertThat(twice.counts().get(Kind.DOUBLED)).isEqualTo(1);
        Account swapped = changed(job, output, lines -> {
            int one = index(lines, "part", 0);
            int other = one + 1;
            while (number(lines.get(other), "region") != number(lines.get(one), "region")
                    || number(lines.get(other), "part") != number(lines.get(one), "part")) {
                other++;
            }
            String first = Long.toString(number(lines.get(one), "number"));
            lines.set(one, with(lines.get(one), "number", Long.toString(number(lines.get(other), "number"))));
            lines.set(other, with(lines.get(other), "number", first));
        });
        assertThat(swapped.counts().keySet()).containsExactly(Kind.WRONG_COUNT);
    }

    /** The job itself has the defect: a row now and then changes its region's state twice. */
    @Test
    void aRowThatChangesStateTwiceIsFound() throws Exception {
        Workload job = Workload.VISITS;
        Load load = load(job).with(Plant.EFFECT_TWICE);
        run(job, load);
        Account account = account(job, load);
        assertThat(account.count(Kind.WRONG_COUNT)).isGreaterThan(0);
        assertThat(account.lines().get(0))
                .containsPattern("visits/visits part-.*: region \\d+, row \\d/\\d+ has number");
    }
}
