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

    public static boolean isOnSomeAuction(Event event) {
        Event.Bid bid = event.bid;
        return bid != null && bid.auction % Query.AUCTION_MODULUS == 0;
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
