package io.solstice.bench.nexmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.bench.engine.SolsticeNexmark;
import io.solstice.bench.measure.Contender;
import io.solstice.bench.measure.Meter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StateQueryTest {
    private static final long SEED = 42;
    /** More than two windows, the last one not whole; some sessions end before the events do. */
    private static final long EVENTS = 2_345_678;

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void everythingIsGivenBack() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    /** Event by event, with maps, as the definition says. */
    private static final class Oracle {
        private final List<Event> persons = new ArrayList<>();
        private final List<Event> sales = new ArrayList<>();
        private final Map<Long, Map<Long, Long>> auctions = new TreeMap<>();
        private final Map<Long, Long> prices = new TreeMap<>();
        private final Map<Long, List<long[]>> sessions = new HashMap<>();

        void add(Event event) {
            if (event.person != null) {
                persons.add(event);
            } else if (event.auction != null) {
                sales.add(event);
            } else if (event.bid != null) {
                add(event.dateTime / 1_000, event.bid);
            }
        }

        private void add(long millis, Event.Bid bid) {
            long size = Query.WINDOW.toMillis();
            long slide = Query.SLIDE.toMillis();
            for (long end = millis / slide * slide + slide; end <= millis + size; end += slide) {
                auctions.computeIfAbsent(end, first -> new HashMap<>()).merge(bid.auction, 1L, Long::sum);
            }
            prices.merge(millis / size * size + size, bid.price, Math::max);
            List<long[]> known = sessions.computeIfAbsent(bid.bidder, first -> new ArrayList<>());
            if (known.isEmpty() || millis >= known.get(known.size() - 1)[1]) {
                known.add(new long[] {millis, 0, 0});
            }
            long[] session = known.get(known.size() - 1);
            session[1] = millis + Query.GAP.toMillis();
            session[2]++;
        }

        Checksum answer(Query query) {
            List<Long> sums = new ArrayList<>();
            switch (query) {
                case Q3 -> localSales(sums);
                case Q8 -> newSellers(sums);
                case Q5 ->
                    auctions.forEach((end, counts) -> {
                        long most = counts.values().stream()
                                .mapToLong(Long::longValue)
                                .max()
                                .orElseThrow();
                        long newest = counts.entrySet().stream()
                                .filter(auction -> auction.getValue() == most)
                                .mapToLong(Map.Entry::getKey)
                                .max()
                                .orElseThrow();
                        sums.add(Checksum.hotItem(end, newest, most));
                    });
                case Q7 -> prices.forEach((end, price) -> sums.add(Checksum.highestBid(end, price)));
                case Q11 ->
                    sessions.forEach((bidder, all) ->
                            all.forEach(one -> sums.add(Checksum.session(bidder, one[0], one[1], one[2]))));
                default -> throw new IllegalArgumentException(query + " has no state");
            }
            return new Checksum(
                    sums.size(), sums.stream().mapToLong(Long::longValue).sum());
        }

        private void localSales(List<Long> sums) {
            Map<Long, Event.Person> local = new HashMap<>();
            persons.stream()
                    .filter(EventQueries::isLocalPerson)
                    .map(event -> Objects.requireNonNull(event.person))
                    .forEach(person -> local.put(person.id, person));
            sales.stream()
                    .filter(EventQueries::isInCategory)
                    .filter(event -> local.containsKey(EventQueries.seller(event)))
                    .forEach(event -> {
                        Event.Person person = Objects.requireNonNull(local.get(EventQueries.seller(event)));
                        int text = person.name.length() + person.city.length();
                        sums.add(Checksum.localSale(EventQueries.auction(event), person.id, text));
                    });
        }

        private void newSellers(List<Long> sums) {
            Map<Long, Set<Long>> sellers = new HashMap<>();
            for (Event sale : sales) {
                sellers.computeIfAbsent(windowEnd(sale), first -> new HashSet<>())
                        .add(EventQueries.seller(sale));
            }
            for (Event event : persons) {
                Event.Person person = Objects.requireNonNull(event.person);
                if (sellers.getOrDefault(windowEnd(event), Set.of()).contains(person.id)) {
                    sums.add(Checksum.newSeller(windowEnd(event), person.id, person.name.length()));
                }
            }
        }

        private static long windowEnd(Event event) {
            long size = Query.WINDOW.toMillis();
            return event.dateTime / 1_000 / size * size + size;
        }
    }

    private static Checksum expected(Query query) {
        Oracle oracle = new Oracle();
        RowGenerator generator = new RowGenerator(SEED);
        for (long n = 0; n < EVENTS; n++) {
            oracle.add(generator.event(n));
        }
        return oracle.answer(query);
    }

    @ParameterizedTest
    @MethodSource("io.solstice.bench.nexmark.Query#withState")
    void theLoopDoesWhatTheQuerySays(Query query) {
        EventRange range = EventRange.of(SEED, EVENTS, 0, 1);
        Checksum expected = expected(query);
        assertThat(HandLoop.generate(query, allocator, range, () -> {})).isEqualTo(expected);
        assertThat(HandLoop.replay(query, allocator, range, () -> {})).isEqualTo(expected);
        assertThat(expected.rows()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("io.solstice.bench.nexmark.Query#withState")
    void theEngineComesToTheSameInEachOfItsWays(Query query) throws Exception {
        try (SolsticeNexmark solstice = new SolsticeNexmark(SEED, new Expectation())) {
            for (Contender contender : solstice.contenders(query, 2, EVENTS, EVENTS)) {
                contender.work().run(new Meter());
            }
        }
    }
}
