package io.solstice.worker.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.worker.overflow.Overflow;
import io.solstice.worker.pile.Piles;
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

    private long named;
    private long inFiles;

    @Test
    void everyStepGivesWhatTheOracleGives() {
        for (long seed = 0; seed < CASES; seed++) {
            check(seed, RandomCase.of(seed), null, Piles.Sizes.USUAL);
        }
    }

    /** Up to three tasks aggregate before they send. */
    @Test
    void everyStepGivesTheSameWhatIsAggregatedBefore() {
        for (long seed = 0; seed < CASES / 2; seed++) {
            check(seed, RandomCase.preAggregated(seed), seed, Piles.Sizes.USUAL);
        }
    }

    /** Tables become runs at each cut, and are named by the next one. */
    @Test
    void everyStepGivesTheSameWithRunsOfFewRows() {
        Piles.Sizes sizes = new Piles.Sizes(3, 1, 3, 1 << 10, 2, 200, 1 << 20, false, false);
        for (long seed = 0; seed < CASES / 4; seed++) {
            check(seed, RandomCase.of(seed), null, sizes);
        }
        assertThat(named).as("pieces that were not written again").isGreaterThan(CASES / 8);
    }

    /** Runs of several slices are one piece, of which some become part of other runs later. */
    @Test
    void everyStepGivesTheSameWithPiecesOfManySlices() {
        Piles.Sizes sizes = new Piles.Sizes(200, 1, 200, 1 << 20, 1, 200, 1 << 20, false, false);
        for (long seed = 0; seed < CASES / 10; seed++) {
            check(seed, RandomCase.cutOften(seed), null, sizes);
        }
        assertThat(named).as("pieces that were not written again").isGreaterThan(CASES / 20);
    }

    /** Each change makes a run. */
    @Test
    void everyStepGivesTheSameWithoutMemory() {
        Piles.Sizes sizes = new Piles.Sizes(3, 1, 3, 1 << 10, 2, 200, 0, true, false);
        for (long seed = 0; seed < CASES / 8; seed++) {
            check(seed, RandomCase.of(seed), null, sizes);
            check(seed, RandomCase.preAggregated(seed), seed, sizes);
        }
        assertThat(named).as("pieces that were not written again").isGreaterThan(CASES / 8);
    }

    @Test
    void everyStepGivesTheSameWithAllInFiles() {
        Piles.Sizes sizes = new Piles.Sizes(3, 1, 3, 1 << 10, 3, 200, 0, true, true);
        for (long seed = 0; seed < CASES / 40; seed++) {
            check(seed, RandomCase.of(seed), null, sizes);
        }
        assertThat(inFiles).as("steps after which something lay in files").isGreaterThan(CASES / 10);
    }

    /** Sessions in runs of few rows, which each change or cut makes, in memory and in files. */
    @Test
    void everyStepGivesTheSameSessionsWithoutMemory() {
        Piles.Sizes small = new Piles.Sizes(3, 1, 3, 1 << 10, 2, 200, 1 << 20, false, false);
        Piles.Sizes memory = new Piles.Sizes(3, 1, 3, 1 << 10, 2, 200, 0, true, false);
        Piles.Sizes files = new Piles.Sizes(5, 2, 200, 1 << 20, 4, 2_000, 0, true, true);
        for (long seed = 0; seed < CASES / 16; seed++) {
            check(seed, RandomCase.sessions(seed), null, small);
            check(seed, RandomCase.sessions(seed), null, memory);
            if (seed % 4 == 0) {
                check(seed, RandomCase.sessions(seed), null, files);
            }
        }
        assertThat(named).as("pieces that were not written again").isGreaterThan(CASES / 16);
        assertThat(inFiles).as("steps after which something lay in files").isGreaterThan(CASES / 80);
    }

    private void check(long seed, Case candidate, @Nullable Long senders, Piles.Sizes sizes) {
        if (difference(candidate, senders, sizes) != null) {
            Case smallest = smallest(candidate, senders, sizes);
            throw new AssertionError(
                    "seed " + seed + ", made smaller:\n" + smallest + "\n" + difference(smallest, senders, sizes));
        }
    }

    private Case smallest(Case failing, @Nullable Long senders, Piles.Sizes sizes) {
        for (Case smaller : failing.smaller()) {
            if (difference(smaller, senders, sizes) != null) {
                return smallest(smaller, senders, sizes);
            }
        }
        return failing;
    }

    private @Nullable String difference(Case candidate, @Nullable Long senders, Piles.Sizes sizes) {
        Oracle oracle = new Oracle(candidate.definition());
        try (BufferAllocator memory = new RootAllocator();
                TaskRuns tasks = new TaskRuns(candidate.definition(), candidate.schema(), memory, senders, sizes)) {
            for (int i = 0; i < candidate.steps().size(); i++) {
                Case.Step step = candidate.steps().get(i);
                tasks.step(step);
                inFiles += Overflow.mappedBytes() > 0 ? 1 : 0;
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
            tasks.close();
            named += tasks.named();
            assertThat(memory.getAllocatedMemory()).isZero();
            assertThat(Overflow.mappedBytes()).isZero();
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
