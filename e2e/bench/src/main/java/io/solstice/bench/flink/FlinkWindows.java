package io.solstice.bench.flink;

import io.solstice.bench.nexmark.Event;
import io.solstice.bench.nexmark.EventQueries;
import io.solstice.bench.nexmark.Query;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.windowing.AllWindowFunction;
import org.apache.flink.streaming.api.functions.windowing.WindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/**
 * The windowed aggregations. Just the column that is needed goes to the next task, and windows keep sums, not events: the
 * best that a user can do without operators of his own.
 */
final class FlinkWindows {
    private static final TypeInformation<Event.HotItem> HOT_ITEM = TypeInformation.of(Event.HotItem.class);

    private FlinkWindows() {}

    static void build(Query query, DataStream<Event> source, long run) {
        DataStream<Event> bids = source.filter(EventQueries::isBid);
        switch (query) {
            case Q5 ->
                hotItems(bids)
                        .sinkTo(new ChecksumSink<Event.HotItem>(run, Event::checksum))
                        .setParallelism(1);
            case Q7 ->
                highestBids(bids)
                        .sinkTo(new ChecksumSink<Event.HighestBid>(run, Event::checksum))
                        .setParallelism(1);
            case Q11 -> sessions(bids).sinkTo(new ChecksumSink<Event.Session>(run, Event::checksum));
            default -> throw new IllegalArgumentException(query + " is not a windowed aggregation");
        }
    }

    private static SingleOutputStreamOperator<Event.HotItem> hotItems(DataStream<Event> bids) {
        return bids.map(event -> Objects.requireNonNull(event.bid).auction)
                .returns(Types.LONG)
                .keyBy(auction -> auction, Types.LONG)
                .window(SlidingEventTimeWindows.of(Query.WINDOW, Query.SLIDE))
                .aggregate(new Count<>(), new HotItemOf(), Types.LONG, HOT_ITEM)
                // The results of one window have its last millisecond as their time.
                .windowAll(TumblingEventTimeWindows.of(Query.SLIDE))
                .reduce((one, other) -> one.isHotterThan(other) ? one : other);
    }

    private static SingleOutputStreamOperator<Event.HighestBid> highestBids(DataStream<Event> bids) {
        return bids.map(event -> Objects.requireNonNull(event.bid).price)
                .returns(Types.LONG)
                .windowAll(TumblingEventTimeWindows.of(Query.WINDOW))
                .reduce(
                        (one, other) -> Math.max(one, other),
                        new HighestBidOf(),
                        TypeInformation.of(Event.HighestBid.class));
    }

    private static SingleOutputStreamOperator<Event.Session> sessions(DataStream<Event> bids) {
        return bids.map(event -> Objects.requireNonNull(event.bid).bidder)
                .returns(Types.LONG)
                .keyBy(bidder -> bidder, Types.LONG)
                .window(EventTimeSessionWindows.withGap(Query.GAP))
                .aggregate(new Count<>(), new SessionOf(), Types.LONG, TypeInformation.of(Event.Session.class));
    }

    private static final class HotItemOf implements WindowFunction<Long, Event.HotItem, Long, TimeWindow> {
        private static final long serialVersionUID = 1;

        @Override
        public void apply(Long auction, TimeWindow window, Iterable<Long> counts, Collector<Event.HotItem> out) {
            Event.HotItem item = new Event.HotItem();
            item.auction = auction;
            item.bids = counts.iterator().next();
            item.end = window.getEnd();
            out.collect(item);
        }
    }

    private static final class HighestBidOf implements AllWindowFunction<Long, Event.HighestBid, TimeWindow> {
        private static final long serialVersionUID = 1;

        @Override
        public void apply(TimeWindow window, Iterable<Long> prices, Collector<Event.HighestBid> out) {
            Event.HighestBid bid = new Event.HighestBid();
            bid.price = prices.iterator().next();
            bid.end = window.getEnd();
            out.collect(bid);
        }
    }

    private static final class SessionOf implements WindowFunction<Long, Event.Session, Long, TimeWindow> {
        private static final long serialVersionUID = 1;

        @Override
        public void apply(Long bidder, TimeWindow window, Iterable<Long> counts, Collector<Event.Session> out) {
            Event.Session session = new Event.Session();
            session.bidder = bidder;
            session.bids = counts.iterator().next();
            session.start = window.getStart();
            session.end = window.getEnd();
            out.collect(session);
        }
    }
}
