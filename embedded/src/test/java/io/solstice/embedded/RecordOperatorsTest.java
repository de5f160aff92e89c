package io.solstice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.FlatMapOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.row.Row;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.testing.OperatorHarness;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordOperatorsTest {
    private record Bid(long auction, double price) {}

    private record Euros(long auction, double euros) {}

    private record Part(long auction, int part) {}

    private record Named(@Nullable String name) {}

    private static final List<Row> BIDS = LongStream.range(0, 40)
            .mapToObj(i -> Row.of("auction", i, "price", i * 1.5, "name", i % 3 == 0 ? null : "n" + i % 5))
            .toList();

    @Test
    void recordsNeedNoTypeHintsAndMayBePrivate() throws Exception {
        List<Row> out = OperatorHarness.of(
                        MapOperator.records(Bid.class, Euros.class, bid -> new Euros(bid.auction(), bid.price() * 0.5)))
                .run(BIDS);
        assertThat(out)
                .hasSize(40)
                .startsWith(Row.of("auction", 0L, "euros", 0.0), Row.of("auction", 1L, "euros", 0.75));
    }

    @Test
    void enrichKeepsTheOtherColumns() throws Exception {
        List<Row> out = OperatorHarness.of(
                        MapOperator.enrich(Bid.class, Euros.class, bid -> new Euros(bid.auction() + 1, bid.price())))
                .run(BIDS);
        assertThat(out.get(2)).isEqualTo(Row.of("auction", 3L, "price", 3.0, "name", "n2", "euros", 3.0));
    }

    @Test
    void filterFlatMapAndKeyByWorkOnRecords() throws Exception {
        assertThat(OperatorHarness.of(FilterOperator.records(Bid.class, bid -> bid.auction() > 37))
                        .run(BIDS))
                .hasSize(2);
        assertThat(OperatorHarness.of(FlatMapOperator.records(
                                Bid.class,
                                Part.class,
                                bid -> IntStream.range(0, (int) bid.auction() % 3)
                                        .mapToObj(i -> new Part(bid.auction(), i))
                                        .toList()))
                        .run(BIDS))
                .hasSize(13 + 2 * 13)
                .startsWith(Row.of("auction", 1L, "part", 0), Row.of("auction", 2L, "part", 0));
        assertThat(OperatorHarness.of(KeyByOperator.records(Named.class, Named::name))
                        .run(BIDS))
                .extracting(row -> row.get("key"))
                .startsWith(null, "n1", "n2");
    }

    @Test
    void aRecordThatFailsIsSkippedOrNamed() throws Exception {
        MapOperator failing = MapOperator.records(Bid.class, Part.class, bid -> new Part(100 / (bid.auction() - 5), 0));
        OperatorHarness skipping = OperatorHarness.of(failing.skipOnError(true));
        assertThat(skipping.run(BIDS)).hasSize(39);
        assertThat(skipping.skipped()).extracting(s -> s.row().get("auction")).containsExactly(5L);
        assertThatThrownBy(() -> OperatorHarness.of(failing).run(BIDS))
                .isInstanceOfSatisfying(SolsticeException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.FUNCTION_FAILED);
                    assertThat(e.error().where()).contains("record {auction: 5");
                    assertThat(e.error().cause()).contains("RecordOperatorsTest");
                });
    }
}
