package io.solstice.bench.engine;

import static io.solstice.api.expr.Expressions.col;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.operator.OperatorDefinition;
import io.solstice.api.row.Row;
import io.solstice.api.time.Watermarks;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.CustomAggregate;
import io.solstice.api.window.Windows;
import io.solstice.bench.nexmark.Query;
import io.solstice.bench.nexmark.ResultChecksum;
import java.time.Duration;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** The operators of the windowed aggregations. */
final class NexmarkWindows {
    /** Events come in order from each split. */
    static final Watermarks WATERMARKS = Watermarks.of("date_time").delay(Duration.ZERO);

    private static final String BIDS = ResultChecksum.BIDS;
    private static final String END = ResultChecksum.END;
    private static final String RANK = "rank";
    /** More than any auction's number: how many bids there are, and which auction has them, in one number. */
    private static final long AUCTIONS = 1L << 32;

    private static final ArrowType INT64 = new ArrowType.Int(64, true);

    private NexmarkWindows() {}

    /** Whether it needs all rows in one task. */
    static boolean isGlobal(OperatorDefinition operator) {
        return operator instanceof AggregateOperator aggregate
                && aggregate.keys().isEmpty();
    }

    /** The most bids and the newest auction with as many are the greatest number of both. */
    static List<OperatorDefinition> hotItems() {
        return List.of(
                bids(),
                MapOperator.select(col("auction"), col("date_time")),
                bidsPerAuction(),
                MapOperator.select(
                        col(END), col(BIDS).times(AUCTIONS).plus(col("auction")).as(RANK)),
                AggregateOperator.by()
                        .window(Windows.tumbling(Query.SLIDE))
                        .time(END)
                        .aggregate(Aggregates.max(RANK).as(RANK)),
                MapOperator.select(
                        col("window_start").as(END),
                        col(RANK).modulo(AUCTIONS).as("auction"),
                        col(RANK).dividedBy(AUCTIONS).floor().cast(INT64).as(BIDS)));
    }

    /** With an aggregate of one's own. */
    static List<OperatorDefinition> typedHotItems() {
        return List.of(
                bids(),
                MapOperator.select(col("auction"), col("date_time")),
                bidsPerAuction(),
                AggregateOperator.by()
                        .window(Windows.tumbling(Query.SLIDE))
                        .time(END)
                        .aggregate(
                                Aggregates.custom(INT64, new Hottest("auction")).as("auction"),
                                Aggregates.custom(INT64, new Hottest(BIDS)).as(BIDS)),
                MapOperator.select(col("window_start").as(END), col("auction"), col(BIDS)));
    }

    private static AggregateOperator bidsPerAuction() {
        return AggregateOperator.by("auction")
                .window(Windows.sliding(Query.WINDOW, Query.SLIDE))
                .time("date_time")
                .aggregate(Aggregates.count().as(BIDS));
    }

    static List<OperatorDefinition> highestBids() {
        return List.of(
                bids(),
                MapOperator.select(col("price"), col("date_time")),
                AggregateOperator.by()
                        .window(Windows.tumbling(Query.WINDOW))
                        .time("date_time")
                        .aggregate(Aggregates.max("price").as("price")));
    }

    static List<OperatorDefinition> sessions() {
        return List.of(
                bids(),
                MapOperator.select(col("bidder"), col("date_time")),
                AggregateOperator.by("bidder")
                        .window(Windows.session(Query.GAP))
                        .time("date_time")
                        .aggregate(Aggregates.count().as(BIDS)));
    }

    private static FilterOperator bids() {
        return FilterOperator.where(col("event_type").eq(NexmarkJob.BID));
    }

    /** A column of the row with the most bids, of several the newest auction's. */
    private record Hottest(String column) implements CustomAggregate {
        @Override
        public Row create() {
            return Row.of("auction", 0L, BIDS, 0L);
        }

        @Override
        public Row add(Row gathered, Row row) {
            return merge(gathered, row);
        }

        @Override
        public Row merge(Row one, Row other) {
            long more = one.getLong(BIDS) - other.getLong(BIDS);
            if (more > 0 || more == 0 && one.getLong("auction") > other.getLong("auction")) {
                return one;
            }
            return Row.of("auction", other.getLong("auction"), BIDS, other.getLong(BIDS));
        }

        @Override
        public Long result(Row gathered) {
            return gathered.getLong(column);
        }
    }
}
