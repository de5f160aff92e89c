package io.solstice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.Rescalable;
import io.solstice.api.operator.RowOperator;
import io.solstice.api.operator.TaskShare;
import io.solstice.api.operator.TaskState;
import io.solstice.api.row.Row;
import io.solstice.testing.OperatorHarness;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The test kit runs operators as tasks whose number changes, and catches those that divide their state wrongly. */
class RescalableTest {
    private static final List<Row> ROWS = IntStream.range(0, 60)
            .mapToObj(i -> Row.of("user", "u" + i * i % 13, "n", (long) i))
            .toList();

    /** Numbers the rows of each user, in what {@code checkpoint} gives. */
    private static class PerUser implements RowOperator, Rescalable {
        final Map<String, Object> counts = new TreeMap<>();

        @Override
        public List<Row> process(Row row) {
            Object count = counts.merge(row.getString("user"), 1L, (a, b) -> (Long) a + (Long) b);
            return List.of(row.with("nth", count));
        }

        @Override
        public Row checkpoint() {
            return Row.ofMap(counts);
        }

        @Override
        public void restore(Row state) {
            state.toMap().forEach((user, count) -> counts.put(user, count));
        }

        @Override
        public void rescale(TaskState before, TaskShare own) {
            before.checkpoint().toMap().forEach((user, count) -> {
                if (own.owns(user)) {
                    counts.put(user, count);
                }
            });
        }
    }

    /** Keeps everything that any task had. */
    private static final class Greedy extends PerUser {
        @Override
        public List<Row> finish() {
            return List.of(Row.of("users", counts.size()));
        }

        @Override
        public void rescale(TaskState before, TaskShare own) {
            restore(before.checkpoint());
        }
    }

    private static final class Forgetful extends PerUser {
        @Override
        public void rescale(TaskState before, TaskShare own) {
            // the mistake under test
        }
    }

    /** Asks for something that is not the key. */
    private static final class Mistaken extends PerUser {
        @Override
        public void rescale(TaskState before, TaskShare own) {
            before.checkpoint().toMap().forEach((user, count) -> own.owns(user + "!"));
        }
    }

    @Test
    void acceptsAnOperatorThatDividesItsStateByKey() throws Exception {
        assertThat(OperatorHarness.of(PerUser::new).keyedBy("user").run(ROWS)).hasSize(60);
    }

    @Test
    void catchesStateThatIsLostDoubledOrDividedByAnotherKey() {
        assertThatThrownBy(
                        () -> OperatorHarness.of(Forgetful::new).keyedBy("user").run(ROWS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("as [1, 3, 2] tasks in turn");
        assertThatThrownBy(() -> OperatorHarness.of(Greedy::new).keyedBy("user").run(ROWS))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(
                        () -> OperatorHarness.of(Mistaken::new).keyedBy("user").run(ROWS))
                .hasMessageContaining("SOL-2207")
                .hasMessageContaining("never came to task");
    }

    /** Counts rows whatever their key, and gives a row for each in the end. */
    private static final class Total implements RowOperator, Rescalable {
        private long seen;

        @Override
        public List<Row> process(Row row) {
            seen++;
            return List.of();
        }

        @Override
        public Row checkpoint() {
            return Row.of("seen", seen);
        }

        @Override
        public void restore(Row state) {
            seen = state.getLong("seen");
        }

        @Override
        public void rescale(TaskState before, TaskShare own) {
            if (own.inherits(before)) {
                seen += before.checkpoint().getLong("seen");
            }
        }

        @Override
        public List<Row> finish() {
            return Collections.nCopies((int) seen, Row.of("seen", true));
        }
    }

    @Test
    void whatHasNoKeyIsInherited() throws Exception {
        assertThat(OperatorHarness.of(Total::new).keyedBy("user").run(ROWS)).hasSize(60);
    }

    /** Like {@link PerUser}, with values that the engine keeps. */
    private static final class PerUserByName implements RowOperator, Rescalable {
        private @Nullable OperatorContext context;

        @Override
        public void open(OperatorContext opened) {
            context = opened;
        }

        private OperatorContext context() {
            return Objects.requireNonNull(context);
        }

        @Override
        public List<Row> process(Row row) {
            String user = row.getString("user");
            long count = context().getState(user) instanceof Long before ? before + 1 : 1;
            context().setState(user, count);
            return List.of(row.with("nth", count));
        }

        @Override
        public void rescale(TaskState before, TaskShare own) {
            assertThat(before.checkpoint()).isEqualTo(Row.EMPTY);
            before.values().toMap().forEach((user, count) -> {
                if (own.owns(user)) {
                    context().setState(user, count);
                }
            });
        }
    }

    @Test
    void namedValuesAreSetAgain() throws Exception {
        assertThat(OperatorHarness.of(PerUserByName::new).keyedBy("user").run(ROWS))
                .hasSize(60);
    }

    @Test
    void anOperatorThatCannotDivideItsStateIsToldSo() {
        RowOperator plain = new RowOperator() {
            @Override
            public List<Row> process(Row row) {
                return List.of(row);
            }

            @Override
            public Row checkpoint() {
                return Row.of("x", 1);
            }
        };
        assertThatThrownBy(() -> OperatorHarness.of(() -> plain).keyedBy("user").run(ROWS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("is not io.solstice.api.operator.Rescalable");
    }
}
