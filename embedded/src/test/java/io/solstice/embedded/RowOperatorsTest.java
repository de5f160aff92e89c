package io.solstice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.FlatMapOperator;
import io.solstice.api.operator.MapBatchesOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.operator.RowOperator;
import io.solstice.api.row.Row;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.testing.OperatorHarness;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RowOperatorsTest {
    private static final List<Row> NUMBERS =
            LongStream.range(0, 40).mapToObj(i -> Row.of("n", i)).toList();

    @Test
    void mapKeepsOrderAndMayChangeColumns() throws Exception {
        List<Row> out = OperatorHarness.of(MapOperator.rows(row -> Row.of("twice", row.getLong("n") * 2)))
                .run(NUMBERS);
        assertThat(out).hasSize(40).startsWith(Row.of("twice", 0L), Row.of("twice", 2L));
    }

    @Test
    void flatMapGivesNoneOneOrManyInOrder() throws Exception {
        List<Row> out = OperatorHarness.of(FlatMapOperator.rows(row -> LongStream.range(0, row.getLong("n") % 4)
                        .mapToObj(i -> Row.of("n", row.get("n"), "i", i))
                        .toList()))
                .run(NUMBERS);
        List<Row> expected = new ArrayList<>();
        for (long n = 0; n < 40; n++) {
            for (long i = 0; i < n % 4; i++) {
                expected.add(Row.of("n", n, "i", i));
            }
        }
        assertThat(out).isEqualTo(expected);
    }

    @Test
    void filterKeepsWhatHolds() throws Exception {
        assertThat(OperatorHarness.of(FilterOperator.rows(row -> row.getLong("n") >= 38))
                        .run(NUMBERS))
                .containsExactly(Row.of("n", 38L), Row.of("n", 39L));
    }

    @Test
    void skipOnErrorDropsOnlyTheFailingRecordAndTellsWhich() throws Exception {
        OperatorHarness harness = OperatorHarness.of(MapOperator.rows(row -> Row.of("x", 100 / (row.getLong("n") - 7)))
                .skipOnError(true));
        assertThat(harness.run(NUMBERS)).hasSize(39);
        assertThat(harness.skipped()).singleElement().satisfies(skipped -> {
            assertThat(skipped.row()).isEqualTo(Row.of("n", 7L));
            assertThat(skipped.why()).isInstanceOf(ArithmeticException.class);
        });
    }

    @Test
    void skipOnErrorHoldsForFlatMapAndFilter() throws Exception {
        OperatorHarness flatMap = OperatorHarness.of(FlatMapOperator.rows(row -> {
                    long inverse = 100 / row.getLong("n");
                    return List.of(Row.of("x", inverse), Row.of("x", -inverse));
                })
                .skipOnError(true));
        assertThat(flatMap.run(NUMBERS)).hasSize(78);
        assertThat(flatMap.skipped()).hasSize(1);
        OperatorHarness filter = OperatorHarness.of(
                FilterOperator.rows(row -> 100 / row.getLong("n") > 0).skipOnError(true));
        assertThat(filter.run(NUMBERS)).hasSize(39);
        assertThat(filter.skipped()).hasSize(1);
    }

    @Test
    void withoutSkippingTheErrorNamesTheRecordAndTheUsersFrame() {
        OperatorHarness harness = OperatorHarness.of(MapOperator.rows(row -> Row.of("x", row.getLong("m"))));
        assertThatThrownBy(() -> harness.run(NUMBERS)).isInstanceOfSatisfying(SolsticeException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.COLUMN_UNKNOWN);
            assertThat(e.error().where()).contains("record {n: 0}");
            assertThat(e.error().help()).contains("did you mean 'n'?");
        });
    }

    @Test
    @SuppressWarnings("NullAway") // what a user without null checks may write
    void mapReturningNullIsExplained() {
        OperatorHarness harness = OperatorHarness.of(MapOperator.rows(row -> null));
        assertThatThrownBy(() -> harness.run(NUMBERS))
                .isInstanceOfSatisfying(
                        SolsticeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NULL_VALUE));
    }

    @Test
    void mapBatchesMayShareOrReplaceItsInput() throws Exception {
        assertThat(OperatorHarness.of(MapBatchesOperator.of((batch, context) -> batch.share()))
                        .run(NUMBERS))
                .isEqualTo(NUMBERS);
        assertThat(OperatorHarness.of(MapBatchesOperator.of((batch, context) -> batch))
                        .run(NUMBERS))
                .isEqualTo(NUMBERS);
        OperatorHarness failing = OperatorHarness.of(MapBatchesOperator.of((batch, context) -> {
                    throw new IllegalStateException("no model");
                })
                .skipOnError(true));
        assertThat(failing.run(NUMBERS)).isEmpty();
        assertThat(failing.skipped()).hasSize(40);
    }

    /** Running totals, whose state survives being taken out and put back. */
    private static final class Totals implements RowOperator {
        private long total;

        @Override
        public List<Row> process(Row record) {
            total += record.getLong("n");
            return List.of(Row.of("total", total));
        }

        @Override
        public List<Row> finish() {
            return List.of(Row.of("total", -total));
        }

        @Override
        public Row checkpoint() {
            return Row.of("total", total);
        }

        @Override
        public void restore(Row state) {
            total = state.getLong("total");
        }
    }

    @Test
    void aRowOperatorKeepsItsStateThroughCheckpointAndRestore() throws Exception {
        List<Row> out = OperatorHarness.of(Totals::new).run(NUMBERS);
        assertThat(out).hasSize(41);
        assertThat(out.get(40))
                .isEqualTo(Row.of("total", -(long) IntStream.range(0, 40).sum()));
    }
}
