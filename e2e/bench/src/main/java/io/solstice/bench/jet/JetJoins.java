package io.solstice.bench.jet;

import com.hazelcast.jet.aggregate.AggregateOperations;
import com.hazelcast.jet.pipeline.StreamStage;
import com.hazelcast.jet.pipeline.StreamStageWithKey;
import com.hazelcast.jet.pipeline.WindowDefinition;
import io.solstice.bench.nexmark.Event;
import io.solstice.bench.nexmark.EventQueries;
import io.solstice.bench.nexmark.Query;

/** The joins of persons with the auctions that they open. */
final class JetJoins {
    private JetJoins() {}

    static void build(Query query, StreamStage<Event> source, long run) {
        switch (query) {
            case Q3 -> localSales(source).writeTo(ChecksumSink.of(run, Event::checksum));
            case Q8 -> newSellers(source).writeTo(ChecksumSink.of(run, Event::checksum));
            default -> throw new IllegalArgumentException(query + " is not a join");
        }
    }

    /** Jet joins streams in windows only; without one, both go as one stream through a function with state by key. */
    private static StreamStage<Event.LocalSale> localSales(StreamStage<Event> source) {
        return source.filter(event -> EventQueries.isLocalPerson(event) || EventQueries.isInCategory(event))
                .groupingKey(JetJoins::personOf)
                .flatMapStateful(SalesOfPerson::new, (sales, person, event) -> sales.add(event));
    }

    /** Whose state an event is about. */
    private static Long personOf(Event event) {
        return event.person != null ? event.person.id : EventQueries.seller(event);
    }

    private static StreamStage<Event.NewSeller> newSellers(StreamStage<Event> source) {
        StreamStageWithKey<Event.NewSeller, Long> persons = source.filter(event -> event.person != null)
                .map(EventQueries::newPerson)
                .groupingKey(person -> person.person);
        StreamStageWithKey<Event, Long> auctions =
                source.filter(event -> event.auction != null).groupingKey(EventQueries::seller);
        return persons.window(WindowDefinition.tumbling(Query.WINDOW.toMillis()))
                .aggregate2(AggregateOperations.pickAny(), auctions, AggregateOperations.counting())
                .filter(both -> both.result().f0() != null && both.result().f1() > 0)
                .map(both -> both.result().f0());
    }
}
