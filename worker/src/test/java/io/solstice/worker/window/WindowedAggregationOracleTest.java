package io.solstice.worker.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random aggregations against {@link Oracle}: after every step the rows given and set aside must be equal. A case that
 * fails is made smaller as long as it fails, and printed.
 */
class WindowedAggregationOracleTest {
    private static final int CASES = Integer.getInteger("solstice.window.cases", 2_000);

    @Test
    void everyStepGivesWhatTheOracleGives() {
        for (long seed = 0; seed < CASES; seed++) {
            check(seed, RandomCase.of(seed), null);
        }
    }

    /** Up to three tasks aggregate before they send. */
    @Test
    void everyStepGivesTheSameWhatIsAggregatedBefore() {
        for (long seed = 0; seed < CASES / 2; seed++) {
            check(seed, RandomCase.preAggregated(seed), seed);
        }
    }

    private static void check(long seed, Case candidate, @Nullable Long senders) {
        if (difference(candidate, senders) != null) {
            Case smallest = smallest(candidate, senders);
            throw new AssertionError(
                    "seed " + seed + ", made smaller:\n" + smallest + "\n" + difference(smallest, senders));
        }
    }

    private static Case smallest(Case failing, @Nullable Long senders) {
        for (Case smaller : failing.smaller()) {
            if (difference(smaller, senders) != null) {
                return smallest(smaller, senders);
            }
        }
        return failing;
    }

    private static @Nullable String difference(Case candidate, @Nullable Long senders) {
        Oracle oracle = new Oracle(candidate.definition());
        try (BufferAllocator memory = new RootAllocator();
                TaskRuns tasks = new TaskRuns(candidate.definition(), candidate.schema(), memory, senders)) {
            for (int i = 0; i < candidate.steps().size(); i++) {
                Case.Step step = candidate.steps().get(i);
                tasks.step(step);
                if (step instanceof Case.Rows rows) {
                    oracle.rows(rows.rows());
                } else if (step instanceof Case.Mark mark) {
                    oracle.mark(mark.micros());
                } else if (step instanceof Case.End) {
                    oracle.mark(Long.MAX_VALUE);
                }
                assertThat(tasks.given()).as("results of step %s, %s", i, step).isEqualTo(oracle.given());
                assertThat(tasks.aside())
                        .as("set aside in step %s, %s", i, step)
                        .isEqualTo(oracle.aside());
            }
            assertThat(memory.getAllocatedMemory()).isZero();
            return null;
        } catch (Throwable failure) {
            return failure.toString() + (failure instanceof AssertionError ? "" : trace(failure));
        }
    }

    private static String trace(Throwable failure) {
        java.io.StringWriter text = new java.io.StringWriter();
        failure.printStackTrace(new java.io.PrintWriter(text));
        return "\n" + text;
    }
}
