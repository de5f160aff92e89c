package io.solstice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.MapBatchesOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.api.operator.RowOperator;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.testing.OperatorHarness;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A test kit is worth what it catches: each operator here is wrong in one way that a plain test would not see. */
class OperatorHarnessTest {
    private static final List<Row> ROWS =
            IntStream.range(0, 20).mapToObj(i -> Row.of("n", (long) i)).toList();

    /** Numbers its rows from 1. */
    private static class Counting implements RowOperator {
        private long count;

        @Override
        public List<Row> process(Row row) {
            return List.of(row.with("count", ++count));
        }

        @Override
        public Row checkpoint() {
            return Row.of("count", count);
        }

        @Override
        public void restore(Row state) {
            count = state.getLong("count");
        }
    }

    private static final class Forgetful extends Counting {
        @Override
        public void restore(Row state) {
            // the mistake under test
        }
    }

    private static final class Stateless extends Counting {
        @Override
        public Row checkpoint() {
            return Row.EMPTY;
        }

        @Override
        public void restore(Row state) {}
    }

    /** Passes batches on, wrongly in a way that a subclass chooses. */
    private abstract static class Passing implements BatchOperator {
        @Override
        public void process(Batch batch, Outbox out) {
            out.emit(batch);
        }
    }

    @Test
    void acceptsAnOperatorThatDoesItRight() throws Exception {
        List<Row> results = OperatorHarness.of(Counting::new).run(ROWS);
        assertThat(results).hasSize(20);
        assertThat(results.get(19)).isEqualTo(Row.of("n", 19L, "count", 20L));
    }

    @Test
    void acceptsNoRowsAtAll() throws Exception {
        assertThat(OperatorHarness.of(Counting::new).run(List.of())).isEmpty();
    }

    @Test
    void catchesStateThatIsNotRestored() {
        assertThatThrownBy(() -> OperatorHarness.of(Forgetful::new).run(ROWS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a restore after each");
    }

    @Test
    void catchesStateThatIsNotGivenOut() {
        assertThatThrownBy(() -> OperatorHarness.of(Stateless::new).run(ROWS)).isInstanceOf(AssertionError.class);
    }

    @Test
    void letsOperatorsKeepTheirStateInPlaceIfAsked() throws Exception {
        assertThat(OperatorHarness.of(Stateless::new).withoutRestoring().run(ROWS))
                .hasSize(20);
    }

    @Test
    void catchesAnOperatorThatDependsOnTheBoundariesOfBatches() {
        MapBatchesOperator firstOfEachBatch = MapBatchesOperator.of((batch, context) -> batch.slice(0, 1));
        assertThatThrownBy(() -> OperatorHarness.of(firstOfEachBatch).run(ROWS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("batches of one row");
    }

    @Test
    void catchesAColumnThatOnlySomeRunsHave() {
        MapOperator marksTheFirst = MapOperator.rows(new io.solstice.api.operator.MapFunction<>() {
            private long calls;

            @Override
            public Row apply(Row row) {
                return calls++ < ROWS.size() ? row : row.with("extra", calls);
            }
        });
        assertThatThrownBy(() -> OperatorHarness.of(marksTheFirst).run(ROWS)).isInstanceOf(AssertionError.class);
    }

    @Test
    void catchesABatchThatIsNotClosed() {
        BatchOperator[] leaking = {
            new Passing() {
                @Override
                public void process(Batch batch, Outbox out) {
                    out.emit(batch.share());
                }
            },
            new Passing() {
                @Override
                public void process(Batch batch, Outbox out) {
                    assertThat(batch.rowCount()).isPositive();
                }
            }
        };
        for (BatchOperator operator : leaking) {
            assertThatThrownBy(() -> OperatorHarness.of(() -> operator).run(ROWS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("leak");
        }
    }

    @Test
    void catchesABatchThatIsClosedTwice() {
        BatchOperator closing = new Passing() {
            @Override
            public void process(Batch batch, Outbox out) {
                out.emit(batch);
                batch.close();
            }
        };
        assertThatThrownBy(() -> OperatorHarness.of(() -> closing).run(ROWS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void takesTheLastRowsAtTheEnd() throws Exception {
        BatchOperator collecting = new Passing() {
            private final List<Batch> held = new ArrayList<>();

            @Override
            public void process(Batch batch, Outbox out) {
                held.add(batch);
            }

            @Override
            public void finish(Outbox out) {
                Iterator<Batch> all = List.copyOf(held).iterator();
                held.clear();
                out.emitAll(all);
            }
        };
        assertThat(OperatorHarness.of(() -> collecting).withoutRestoring().run(ROWS))
                .isEqualTo(ROWS);
    }

    @Test
    void aFailureInTheMiddleOfIteratorsLeaksNothing() {
        BatchOperator failing = new Passing() {
            @Override
            public void process(Batch batch, Outbox out) {
                out.emitAll(new RowsOneByOne(batch));
                out.emit(batch.share());
                throw new IllegalArgumentException("on purpose");
            }
        };
        assertThatThrownBy(() -> OperatorHarness.of(() -> failing).run(ROWS))
                .hasMessage("on purpose")
                .hasNoSuppressedExceptions();
    }

    /** Owns its batch until it is closed. */
    private static final class RowsOneByOne implements Iterator<Batch>, AutoCloseable {
        private final Batch batch;
        private int next;

        RowsOneByOne(Batch batch) {
            this.batch = batch;
        }

        @Override
        public boolean hasNext() {
            return next < batch.rowCount();
        }

        @Override
        public Batch next() {
            return batch.slice(next++, 1);
        }

        @Override
        public void close() {
            batch.close();
        }
    }

    @Test
    void drainsIteratorsOneBatchAtATime() throws Exception {
        BatchOperator splitting = new Passing() {
            @Override
            public void process(Batch batch, Outbox out) {
                out.emitAll(new RowsOneByOne(batch));
            }
        };
        assertThat(OperatorHarness.of(() -> splitting).run(ROWS)).isEqualTo(ROWS);
    }

    @Test
    void keepsWhatWasSkipped() throws Exception {
        OperatorHarness harness = OperatorHarness.of(MapOperator.rows(row -> {
                    if (row.getLong("n") % 5 == 0) {
                        throw new IllegalStateException("five");
                    }
                    return row;
                })
                .skipOnError(true));
        assertThat(harness.run(ROWS)).hasSize(16);
        assertThat(harness.skipped())
                .extracting(skipped -> skipped.row().getLong("n"))
                .containsExactly(0L, 5L, 10L, 15L);
    }

    @Test
    void passesOnTheOperatorsOwnFailure() {
        assertThatThrownBy(() -> OperatorHarness.of(MapOperator.rows(row -> row.with("x", row.getLong("nope"))))
                        .run(ROWS))
                .isInstanceOf(SolsticeException.class)
                .hasMessageContaining("nope");
    }

    @Test
    void theResultsOutliveTheRun() throws Exception {
        BatchOperator reading = new Passing() {
            @Override
            public void process(Batch batch, Outbox out) {
                assertThat(new RowReader(batch).rows()).hasSize(batch.rowCount());
                out.emit(batch);
            }
        };
        List<Row> results = OperatorHarness.of(() -> reading).run(ROWS);
        assertThat(results).isEqualTo(ROWS);
    }
}
