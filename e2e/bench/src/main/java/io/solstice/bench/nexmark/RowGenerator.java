package io.solstice.bench.nexmark;

import java.util.function.LongFunction;

/** Makes the same events as {@link ColumnGenerator}, as objects with strings from the same pools. */
public final class RowGenerator implements LongFunction<Event> {
    private final long seed;
    private final Pools pools = Pools.STANDARD;

    public RowGenerator(long seed) {
        this.seed = seed;
    }

    /** Makes makers. */
    public record Maker() implements EventMaker<Event> {
        @Override
        public RowGenerator with(long seed) {
            return new RowGenerator(seed);
        }

        @Override
        public long millis(Event event) {
            return event.dateTime / 1_000;
        }
    }

    @Override
    public Event apply(long n) {
        return event(n);
    }

    public Event event(long n) {
        long hash = Nexmark.hash(seed, n);
        Event event = new Event();
        event.eventType = Nexmark.kind(n);
        event.dateTime = Nexmark.dateTime(n);
        switch (event.eventType) {
            case Nexmark.BID -> event.bid = bid(n, hash);
            case Nexmark.AUCTION -> event.auction = auction(n, hash);
            default -> event.person = person(n, hash);
        }
        return event;
    }

    private Event.Bid bid(long n, long hash) {
        long lastAuction = Nexmark.lastAuction(n);
        long lastPerson = Nexmark.lastPerson(n);
        int where = Nexmark.text(hash, 0);
        Event.Bid bid = new Event.Bid();
        bid.auction = Nexmark.bidAuction(
                hash,
                Nexmark.hotAuction(lastAuction),
                Nexmark.oldestAuction(lastAuction),
                Nexmark.auctionsToChoose(lastAuction));
        bid.bidder = Nexmark.personOf(
                hash,
                Nexmark.hotBidder(lastPerson),
                Nexmark.oldestPerson(lastPerson),
                Nexmark.peopleToChoose(lastPerson));
        bid.price = pools.prices[Nexmark.priceIndex(hash)];
        bid.channel = pools.channels.string(where);
        bid.url = pools.urls.string(where);
        bid.extra = pools.bidExtras.string(Nexmark.text(hash, 1));
        return bid;
    }

    private Event.Auction auction(long n, long hash) {
        long lastPerson = Nexmark.lastPerson(n);
        Event.Auction auction = new Event.Auction();
        auction.id = Nexmark.FIRST_ID + Nexmark.lastAuction(n);
        auction.itemName = pools.itemNames.string(Nexmark.text(hash, 0));
        auction.description = pools.descriptions.string(Nexmark.text(hash, 1));
        auction.initialBid = pools.prices[Nexmark.priceIndex(hash)];
        auction.reserve = auction.initialBid + pools.prices[Nexmark.secondPriceIndex(hash)];
        auction.expires = Nexmark.expires(Nexmark.dateTime(n), hash);
        auction.seller = Nexmark.personOf(
                hash,
                Nexmark.hotSeller(lastPerson),
                Nexmark.oldestPerson(lastPerson),
                Nexmark.peopleToChoose(lastPerson));
        auction.category = Nexmark.category(hash);
        auction.extra = pools.auctionExtras.string(Nexmark.text(hash, 2));
        return auction;
    }

    private Event.Person person(long n, long hash) {
        Event.Person person = new Event.Person();
        person.id = Nexmark.FIRST_ID + Nexmark.lastPerson(n);
        person.name = pools.names.string(Nexmark.text(hash, 0));
        person.email = pools.emails.string(Nexmark.text(hash, 1));
        person.creditCard = pools.creditCards.string(Nexmark.text(hash, 2));
        person.city = pools.cities.string(Nexmark.text(hash, 3));
        person.state = pools.states.string(Nexmark.text(hash, 4));
        person.extra = pools.personExtras.string(Nexmark.text(hash, 5));
        return person;
    }
}
