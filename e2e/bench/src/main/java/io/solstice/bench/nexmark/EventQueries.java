package io.solstice.bench.nexmark;

import java.util.Objects;

/** The queries on events as objects, for systems that handle them one by one. */
public final class EventQueries {
    private EventQueries() {}

    /** For an event that is a bid. */
    public static Event.BidInEuros bidInEuros(Event event) {
        Event.Bid bid = Objects.requireNonNull(event.bid);
        Event.BidInEuros result = new Event.BidInEuros();
        result.auction = bid.auction;
        result.bidder = bid.bidder;
        result.price = bid.price * Query.EUROS_PER_DOLLAR;
        result.dateTime = event.dateTime;
        result.extra = bid.extra;
        return result;
    }

    public static boolean isBid(Event event) {
        return event.bid != null;
    }

    public static boolean isLocalPerson(Event event) {
        Event.Person person = event.person;
        return person != null && Query.STATES.contains(person.state);
    }

    public static boolean isInCategory(Event event) {
        Event.Auction auction = event.auction;
        return auction != null && auction.category == Query.CATEGORY;
    }

    public static boolean isOnSomeAuction(Event event) {
        Event.Bid bid = event.bid;
        return bid != null && bid.auction % Query.AUCTION_MODULUS == 0;
    }

    /** For an event that is a person; there is no auction yet. */
    public static Event.LocalSale localPerson(Event event) {
        Event.Person person = Objects.requireNonNull(event.person);
        Event.LocalSale result = new Event.LocalSale();
        result.person = person.id;
        result.name = person.name;
        result.city = person.city;
        result.state = person.state;
        return result;
    }

    /** For an event that is a person, who may sell something within the window. */
    public static Event.NewSeller newPerson(Event event) {
        Event.Person person = Objects.requireNonNull(event.person);
        long window = Query.WINDOW.toMillis();
        Event.NewSeller result = new Event.NewSeller();
        result.person = person.id;
        result.name = person.name;
        result.end = event.dateTime / 1_000 / window * window + window;
        return result;
    }

    /** For an event that is an auction. */
    public static long seller(Event event) {
        return Objects.requireNonNull(event.auction).seller;
    }

    /** For an event that is an auction. */
    public static long auction(Event event) {
        return Objects.requireNonNull(event.auction).id;
    }

    /** For an event that is a bid. */
    public static Event.AuctionAndPrice auctionAndPrice(Event event) {
        Event.Bid bid = Objects.requireNonNull(event.bid);
        Event.AuctionAndPrice result = new Event.AuctionAndPrice();
        result.auction = bid.auction;
        result.price = bid.price;
        return result;
    }
}
