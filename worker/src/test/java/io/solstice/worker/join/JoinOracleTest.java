package io.solstice.worker.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.operator.JoinOperator;
import io.solstice.api.row.Row;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random joins against {@link Oracle}: after every step the rows given and set aside must be equal. A case that fails is
 * made smaller as long as it fails, and printed.
 */
class JoinOracleTest {
    private static final int CASES = Integer.getInteger("solstice.join.cases", 800);

    /** By scope and kind, how many rows were given. */
    private final Map<String, Integer> seen = new TreeMap<>();

    private int late;
    private long named;

    @Test
    void everyStepGivesWhatTheOracleGives() {
        for (long seed = 0; seed < CASES; seed++) {
            check(seed, RandomCase.of(seed), RunSizes.USUAL);
        }
        assertThat(seen).hasSize(4 * 4 + 2);
        assertThat(seen.values()).allSatisfy(rows -> assertThat(rows).isGreaterThan(CASES / 3));
        assertThat(late).isGreaterThan(CASES);
        assertThat(named).as("tables that checkpoints have named").isGreaterThan(CASES / 2);
    }

    @Test
    void whatIsMovedTogetherStaysWhatItIs() {
        for (long seed = 0; seed < 10; seed++) {
            check(seed, RandomCase.longOf(seed), RunSizes.USUAL);
        }
    }

    /** Whole inputs again, with all but a few rows in runs. */
    @Test
    void whatLiesInRunsIsWhatLiesInTables() {
        for (long seed = 0; seed < CASES; seed++) {
            Case candidate = RandomCase.of(seed);
            if (candidate.definition().readsRightFirst()) {
                Random random = new Random(seed);
                check(
                        seed,
                        candidate,
                        new RunSizes(
                                1 + random.nextInt(2_000),
                                true,
                                1 + random.nextInt(6),
                                2 + random.nextInt(2),
                                random.nextInt(2) * 10,
                                1 + random.nextInt(5)));
            }
        }
        assertThat(seen).hasSize(4 + 2);
        assertThat(named).as("tables that checkpoints have named").isGreaterThan(CASES / 8);
    }

    private void check(long seed, Case candidate, RunSizes sizes) {
        if (difference(candidate, sizes) != null) {
            Case smallest = smallest(candidate, sizes);
            throw new AssertionError("seed " + seed + ", made smaller:\n" + smallest + "\n" + sizes + "\n"
                    + difference(smallest, sizes));
        }
    }

    private Case smallest(Case failing, RunSizes sizes) {
        for (Case smaller : failing.smaller()) {
            if (difference(smaller, sizes) != null) {
                return smallest(smaller, sizes);
            }
        }
        return failing;
    }

    private @Nullable String difference(Case candidate, RunSizes sizes) {
        Oracle oracle = new Oracle(candidate);
        try (BufferAllocator memory = new RootAllocator()) {
            try (JoinRuns tasks = new JoinRuns(candidate, sizes, memory)) {
                for (int i = 0; i < candidate.steps().size(); i++) {
                    Case.Step step = candidate.steps().get(i);
                    List<Row> rows = tasks.step(step);
                    oracle.step(step, rows);
                    List<String> given = oracle.given();
                    List<String> aside = oracle.aside();
                    assertThat(tasks.given())
                            .as("results of step %s, %s", i, step)
                            .isEqualTo(given);
                    assertThat(tasks.aside())
                            .as("set aside in step %s, %s", i, step)
                            .isEqualTo(aside);
                    seen.merge(name(candidate.definition()), given.size(), Integer::sum);
                    late += aside.size();
                }
                named += tasks.tables().get(1);
            }
            assertThat(memory.getAllocatedMemory()).isZero();
            return null;
        } catch (Throwable failure) {
            StringWriter text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text));
            return text.toString();
        }
    }

    private static String name(JoinOperator definition) {
        return definition.scope().getClass().getSimpleName() + " " + definition.kind();
    }
}
