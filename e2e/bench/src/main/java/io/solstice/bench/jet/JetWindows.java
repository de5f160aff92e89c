package io.solstice.bench.jet;

import com.hazelcast.jet.accumulator.LongAccumulator;
import com.hazelcast.jet.accumulator.MutableReference;
import com.hazelcast.jet.aggregate.AggregateOperation;
import com.hazelcast.jet.aggregate.AggregateOperation1;
import com.hazelcast.jet.aggregate.AggregateOperations;
import com.hazelcast.jet.datamodel.KeyedWindowResult;
import com.hazelcast.jet.datamodel.WindowResult;
import com.hazelcast.jet.pipeline.StreamStage;
import com.hazelcast.jet.pipeline.WindowDefinition;
import io.solstice.bench.nexmark.Event;
import io.solstice.bench.nexmark.EventQueries;
import io.solstice.bench.nexmark.Query;
import java.util.Objects;

/** The windowed aggregations, with accumulators that are written over and over. */
final class JetWindows {
    private JetWindows() {}

    static void build(Query query, StreamStage<Event> source, long run) {
        StreamStage<Event> bids = source.filter(EventQueries::isBid);
        switch (query) {
            case Q5 ->
                hotItems(bids).writeTo(ChecksumSink.of(run, Event::checksum)).setLocalParallelism(1);
            case Q7 ->
                highestBids(bids).writeTo(ChecksumSink.of(run, Event::checksum)).setLocalParallelism(1);
            case Q11 -> sessions(bids).writeTo(ChecksumSink.of(run, Event::checksum));
            default -> throw new IllegalArgumentException(query + " is not a windowed aggregation");
        }
    }

    private static StreamStage<Event.HotItem> hotItems(StreamStage<Event> bids) {
        return bids.groupingKey(event -> Objects.requireNonNull(event.bid).auction)
                .window(WindowDefinition.sliding(Query.WINDOW.toMillis(), Query.SLIDE.toMillis()))
                .aggregate(AggregateOperations.counting())
                .map(JetWindows::hotItem)
                // The results of one window have its last millisecond as their time.
                .window(WindowDefinition.tumbling(Query.SLIDE.toMillis()))
                .aggregate(hottest())
                .map(WindowResult::result);
    }

    private static Event.HotItem hotItem(KeyedWindowResult<Long, Long> counted) {
        Event.HotItem item = new Event.HotItem();
        item.auction = counted.key();
        item.bids = counted.result();
        item.end = counted.end();
        return item;
    }

    private static AggregateOperation1<Event.HotItem, MutableReference<Event.HotItem>, Event.HotItem> hottest() {
        return AggregateOperation.withCreate(MutableReference<Event.HotItem>::new)
                .<Event.HotItem>andAccumulate(JetWindows::keepHotter)
                .andCombine((one, other) -> {
                    if (!other.isNull()) {
                        keepHotter(one, other.get());
                    }
                })
                .andExportFinish(MutableReference::get);
    }

    private static void keepHotter(MutableReference<Event.HotItem> hottest, Event.HotItem item) {
        if (hottest.isNull() || item.isHotterThan(hottest.get())) {
            hottest.set(item);
        }
    }

    private static StreamStage<Event.HighestBid> highestBids(StreamStage<Event> bids) {
        AggregateOperation1<Event, LongAccumulator, Long> highest = AggregateOperation.withCreate(
                        () -> new LongAccumulator(Long.MIN_VALUE))
                .<Event>andAccumulate(
                        (price, event) -> price.set(Math.max(price.get(), Objects.requireNonNull(event.bid).price)))
                .andCombine((one, other) -> one.set(Math.max(one.get(), other.get())))
                .andExportFinish(LongAccumulator::get);
        return bids.window(WindowDefinition.tumbling(Query.WINDOW.toMillis()))
                .aggregate(highest)
                .map(window -> {
                    Event.HighestBid bid = new Event.HighestBid();
                    bid.price = window.result();
                    bid.end = window.end();
                    return bid;
                });
    }

    private static StreamStage<Event.Session> sessions(StreamStage<Event> bids) {
        return bids.groupingKey(event -> Objects.requireNonNull(event.bid).bidder)
                .window(WindowDefinition.session(Query.GAP.toMillis()))
                .aggregate(AggregateOperations.counting())
                .map(window -> {
                    Event.Session session = new Event.Session();
                    session.bidder = window.key();
                    session.bids = window.result();
                    session.start = window.start();
                    session.end = window.end();
                    return session;
                });
    }
}
