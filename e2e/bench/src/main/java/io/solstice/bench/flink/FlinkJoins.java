package io.solstice.bench.flink;

import io.solstice.bench.nexmark.Event;
import io.solstice.bench.nexmark.EventQueries;
import io.solstice.bench.nexmark.Query;
import java.util.Objects;
import org.apache.flink.api.common.functions.CoGroupFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** The joins of persons with the auctions that they open; just the columns that are needed go to the next task. */
final class FlinkJoins {
    private static final TypeInformation<Event.LocalSale> LOCAL_SALE = TypeInformation.of(Event.LocalSale.class);
    private static final TypeInformation<Event.NewSeller> NEW_SELLER = TypeInformation.of(Event.NewSeller.class);

    private FlinkJoins() {}

    static void build(Query query, DataStream<Event> source, long run) {
        switch (query) {
            case Q3 -> localSales(source).sinkTo(new ChecksumSink<Event.LocalSale>(run, Event::checksum));
            case Q8 -> newSellers(source).sinkTo(new ChecksumSink<Event.NewSeller>(run, Event::checksum));
            default -> throw new IllegalArgumentException(query + " is not a join");
        }
    }

    private static DataStream<Event.LocalSale> localSales(DataStream<Event> source) {
        DataStream<Event.LocalSale> persons = source.filter(EventQueries::isLocalPerson)
                .map(EventQueries::localPerson)
                .returns(LOCAL_SALE);
        DataStream<Tuple2<Long, Long>> auctions = source.filter(EventQueries::isInCategory)
                .map(event -> Tuple2.of(EventQueries.seller(event), EventQueries.auction(event)))
                .returns(Types.TUPLE(Types.LONG, Types.LONG));
        return persons.keyBy(person -> person.person, Types.LONG)
                .connect(auctions.keyBy(auction -> auction.f0, Types.LONG))
                .process(new SalesOfPerson(), LOCAL_SALE);
    }

    private static DataStream<Event.NewSeller> newSellers(DataStream<Event> source) {
        DataStream<Event.NewSeller> persons = source.filter(event -> event.person != null)
                .map(EventQueries::newPerson)
                .returns(NEW_SELLER);
        DataStream<Long> sellers = source.filter(event -> event.auction != null)
                .map(EventQueries::seller)
                .returns(Types.LONG);
        return persons.coGroup(sellers)
                .where(person -> person.person, Types.LONG)
                .equalTo(seller -> seller, Types.LONG)
                .window(TumblingEventTimeWindows.of(Query.WINDOW))
                .apply(new ThoseWhoSell(), NEW_SELLER);
    }

    /** Keeps the person, and until the person comes the auctions. */
    private static final class SalesOfPerson
            extends KeyedCoProcessFunction<Long, Event.LocalSale, Tuple2<Long, Long>, Event.LocalSale> {
        private static final long serialVersionUID = 1;

        private transient @Nullable ValueState<Event.LocalSale> person;
        private transient @Nullable ListState<Long> waiting;

        @Override
        public void open(OpenContext context) {
            person = getRuntimeContext().getState(new ValueStateDescriptor<>("person", LOCAL_SALE));
            waiting = getRuntimeContext().getListState(new ListStateDescriptor<>("auctions", Types.LONG));
        }

        @Override
        public void processElement1(Event.LocalSale known, Context context, Collector<Event.LocalSale> out)
                throws Exception {
            ValueState<Event.LocalSale> state = Objects.requireNonNull(person);
            ListState<Long> auctions = Objects.requireNonNull(waiting);
            state.update(known);
            for (Long auction : auctions.get()) {
                out.collect(sale(known, auction));
            }
            auctions.clear();
        }

        @Override
        public void processElement2(Tuple2<Long, Long> auction, Context context, Collector<Event.LocalSale> out)
                throws Exception {
            Event.LocalSale known = Objects.requireNonNull(person).value();
            if (known == null) {
                Objects.requireNonNull(waiting).add(auction.f1);
            } else {
                out.collect(sale(known, auction.f1));
            }
        }

        private static Event.LocalSale sale(Event.LocalSale person, long auction) {
            Event.LocalSale sale = new Event.LocalSale();
            sale.person = person.person;
            sale.name = person.name;
            sale.city = person.city;
            sale.state = person.state;
            sale.auction = auction;
            return sale;
        }
    }

    private static final class ThoseWhoSell implements CoGroupFunction<Event.NewSeller, Long, Event.NewSeller> {
        private static final long serialVersionUID = 1;

        @Override
        public void coGroup(
                Iterable<Event.NewSeller> persons, Iterable<Long> auctions, Collector<Event.NewSeller> out) {
            if (auctions.iterator().hasNext()) {
                persons.forEach(out::collect);
            }
        }
    }
}
