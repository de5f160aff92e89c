package io.solstice.bench.engine;

import static io.solstice.api.expr.Expressions.col;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.expr.Expression;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.operator.OperatorDefinition;
import io.solstice.bench.nexmark.NexmarkBatches;
import io.solstice.bench.nexmark.Query;
import io.solstice.common.graph.Partitioning;
import java.util.ArrayList;
import java.util.List;

/** A query as a job: source, operators and sink, each a stage of its own. */
final class NexmarkJob {
    static final int BID = 2;
    private static final Expression[] BID_COLUMNS = {
        col("event_type"), col("auction"), col("bidder"), col("price"), col("date_time"), col("extra")
    };

    private NexmarkJob() {}

    /** What the typed functions read and write. The names of the components are those of the columns. */
    record EventType(int event_type) {}

    record Price(long price) {}

    record PriceInEuros(double price) {}

    record BidOn(int event_type, long auction) {}

    record AuctionAndPrice(long auction, long price) {}

    /** Adds the stages to a job that has none. */
    static Job in(Job job, Query query, Variant variant, int parallelism, Stage source, Stage sink) {
        Stage timed = query.hasWindows() ? source.watermarks(NexmarkWindows.WATERMARKS) : source;
        job.addStage(timed.parallelism(parallelism));
        String upstream = source.id().value();
        if (query.isJoin()) {
            upstream = NexmarkJoins.add(job, query, upstream, parallelism);
            return job.addStage(sink.parallelism(parallelism), upstream);
        }
        List<OperatorDefinition> operators = new ArrayList<>(operators(query, variant));
        if (variant == Variant.HASH) {
            operators.add(KeyByOperator.columns("date_time"));
        }
        int tasks = parallelism;
        for (int i = 0; i < operators.size(); i++) {
            if (NexmarkWindows.isGlobal(operators.get(i))) {
                tasks = 1;
            }
            Stage stage = Stage.of("step-" + (i + 1), operators.get(i)).parallelism(tasks);
            job.addStage(stage, upstream);
            upstream = stage.id().value();
        }
        Stage last = sink.parallelism(tasks);
        job.addStage(variant == Variant.EXCHANGE ? last.partitioning(Partitioning.REBALANCE) : last, upstream);
        return job;
    }

    private static List<OperatorDefinition> operators(Query query, Variant variant) {
        boolean typed = variant == Variant.TYPED || variant == Variant.REPLAY_TYPED;
        return switch (query) {
            case Q0 -> List.of(typed ? sameRecord() : sameColumns());
            case Q1 -> typed ? typedBidsInEuros() : bidsInEuros();
            case Q2 -> typed ? typedAuctions() : auctions();
            case Q3, Q8 -> throw new IllegalArgumentException(query + " is a join");
            case Q5 -> typed ? NexmarkWindows.typedHotItems() : NexmarkWindows.hotItems();
            case Q7 -> NexmarkWindows.highestBids();
            case Q11 -> NexmarkWindows.sessions();
        };
    }

    private static MapOperator sameColumns() {
        return MapOperator.select(NexmarkBatches.schema().getFields().stream()
                .map(field -> col(field.getName()))
                .toArray(Expression[]::new));
    }

    /** A function that is called for every event, as Flink's is; the columns it does not name pass beside it. */
    private static MapOperator sameRecord() {
        return MapOperator.enrich(EventType.class, EventType.class, event -> event);
    }

    private static List<OperatorDefinition> bidsInEuros() {
        return List.of(
                FilterOperator.where(col("event_type").eq(BID)),
                MapOperator.select(
                        col("auction"),
                        col("bidder"),
                        col("price").times(Query.EUROS_PER_DOLLAR).as("price"),
                        col("date_time"),
                        col("extra")));
    }

    /** Reads just the columns of bids first, as somebody who writes functions on bids would. */
    private static List<OperatorDefinition> typedBidsInEuros() {
        return List.of(
                MapOperator.select(BID_COLUMNS),
                FilterOperator.records(EventType.class, event -> event.event_type() == BID),
                MapOperator.enrich(
                        Price.class,
                        PriceInEuros.class,
                        bid -> new PriceInEuros(bid.price() * Query.EUROS_PER_DOLLAR)));
    }

    private static List<OperatorDefinition> auctions() {
        return List.of(
                FilterOperator.where(col("event_type")
                        .eq(BID)
                        .and(col("auction").modulo(Query.AUCTION_MODULUS).eq(0))),
                MapOperator.select(col("auction"), col("price")));
    }

    private static List<OperatorDefinition> typedAuctions() {
        return List.of(
                MapOperator.select(col("event_type"), col("auction"), col("price")),
                FilterOperator.records(EventType.class, event -> event.event_type() == BID),
                FilterOperator.records(BidOn.class, bid -> bid.auction() % Query.AUCTION_MODULUS == 0),
                MapOperator.records(AuctionAndPrice.class, AuctionAndPrice.class, bid -> bid));
    }
}
