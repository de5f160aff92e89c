package io.solstice.bench.nexmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.exchange.batch.Batch;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NexmarkTest {
    private static final long SEED = 42;

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void everythingIsGivenBack() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    @Test
    void aRowIsTheSameWhereverItsBatchBegins() {
        try (NexmarkBatches batches = EventRange.of(SEED, 1_000_000, 0, 1).batches(allocator);
                Batch whole = batches.make(0, 1000);
                Batch part = batches.make(377, 500)) {
            for (int row = 0; row < part.rowCount(); row++) {
                for (int column = 0; column < part.columnCount(); column++) {
                    assertThat(part.column(column).getObject(row))
                            .isEqualTo(whole.column(column).getObject(377 + row));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void columnsAndObjectsHoldTheSameEvents(int tasks) {
        RowGenerator generator = new RowGenerator(SEED);
        for (int task = 0; task < tasks; task++) {
            EventRange range = EventRange.of(SEED, 30_000, task, tasks);
            try (NexmarkBatches batches = range.batches(allocator);
                    Batch batch = batches.make(0, (int) range.rows())) {
                for (int row = 0; row < batch.rowCount(); row++) {
                    assertThat(valuesOf(batch, row)).isEqualTo(valuesOf(generator.event(range.event(row))));
                }
            }
        }
    }

    @Test
    void kindsAndHotKeysAreAsFrequentAsNexmarkSays() {
        RowGenerator generator = new RowGenerator(SEED);
        int events = 500_000;
        int[] kinds = new int[3];
        int hotAuction = 0;
        int hotBidder = 0;
        Map<Long, Integer> perSecond = new HashMap<>();
        for (int n = 0; n < events; n++) {
            Event event = generator.event(n);
            kinds[event.eventType]++;
            perSecond.merge(event.dateTime / 1_000_000, 1, Integer::sum);
            if (event.bid != null) {
                hotAuction += event.bid.auction == Nexmark.hotAuction(Nexmark.lastAuction(n)) ? 1 : 0;
                hotBidder += event.bid.bidder == Nexmark.hotBidder(Nexmark.lastPerson(n)) ? 1 : 0;
            }
        }
        assertThat(kinds).containsExactly(events / 50, events * 3 / 50, events * 46 / 50);
        assertThat((double) hotAuction / kinds[Nexmark.BID]).isBetween(0.49, 0.52);
        assertThat((double) hotBidder / kinds[Nexmark.BID]).isBetween(0.74, 0.77);
        assertThat(perSecond.values()).allMatch(count -> count == 100_000);
    }

    @Test
    void payloadIsOfTheStandardSize() {
        RowGenerator generator = new RowGenerator(SEED);
        long bytes = 0;
        int events = 100_000;
        for (int n = 0; n < events; n++) {
            for (Object value : valuesOf(generator.event(n)).values()) {
                bytes += value instanceof String text ? text.length() : 8;
            }
        }
        assertThat((double) bytes / events).isBetween(180.0, 215.0);
    }

    @ParameterizedTest
    @MethodSource("io.solstice.bench.nexmark.Query#stateless")
    void allFormsComeToTheSameChecksum(Query query) {
        long events = 100_000;
        RowGenerator generator = new RowGenerator(SEED);
        Checksum rows = Checksum.NONE;
        for (long n = 0; n < events; n++) {
            rows = rows.plus(answer(query, generator.event(n)));
        }
        Checksum columns = Checksum.NONE;
        for (int task = 0; task < 2; task++) {
            EventRange range = EventRange.of(SEED, events, task, 2);
            columns = columns.plus(HandLoop.generate(query, allocator, range, () -> {}));
        }
        assertThat(columns).isEqualTo(rows);
        assertThat(columns.rows()).isPositive();
    }

    private static Checksum answer(Query query, Event event) {
        return switch (query) {
            case Q0 -> new Checksum(1, event.checksum());
            case Q1 ->
                event.bid == null ? Checksum.NONE : new Checksum(1, Event.checksum(EventQueries.bidInEuros(event)));
            case Q2 ->
                EventQueries.isOnSomeAuction(event)
                        ? new Checksum(1, Event.checksum(EventQueries.auctionAndPrice(event)))
                        : Checksum.NONE;
            case Q3, Q5, Q7, Q8, Q11 -> throw new IllegalArgumentException(query + " is not about single events");
        };
    }

    private static Map<String, Object> valuesOf(Batch batch, int row) {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < batch.columnCount(); i++) {
            FieldVector vector = batch.column(i);
            if (!vector.isNull(row)) {
                Object value = vector.getObject(row);
                values.put(vector.getName(), value instanceof Number number ? number.longValue() : value.toString());
            }
        }
        return values;
    }

    private static Map<String, Object> valuesOf(Event event) {
        Map<String, Object> values = new HashMap<>();
        values.put("event_type", (long) event.eventType);
        values.put("date_time", event.dateTime);
        if (event.person != null) {
            values.put("person_id", event.person.id);
            values.put("name", event.person.name);
            values.put("email", event.person.email);
            values.put("credit_card", event.person.creditCard);
            values.put("city", event.person.city);
            values.put("state", event.person.state);
            values.put("person_extra", event.person.extra);
        } else if (event.auction != null) {
            values.put("auction_id", event.auction.id);
            values.put("item_name", event.auction.itemName);
            values.put("description", event.auction.description);
            values.put("initial_bid", event.auction.initialBid);
            values.put("reserve", event.auction.reserve);
            values.put("expires", event.auction.expires);
            values.put("seller", event.auction.seller);
            values.put("category", event.auction.category);
            values.put("auction_extra", event.auction.extra);
        } else if (event.bid != null) {
            values.put("auction", event.bid.auction);
            values.put("bidder", event.bid.bidder);
            values.put("price", event.bid.price);
            values.put("channel", event.bid.channel);
            values.put("url", event.bid.url);
            values.put("extra", event.bid.extra);
        }
        return values;
    }
}
