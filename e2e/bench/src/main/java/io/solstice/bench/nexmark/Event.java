package io.solstice.bench.nexmark;

import org.jspecify.annotations.Nullable;

/** An event as an object, in the form that Flink's own serializer takes: public, mutable, without a constructor. */
public final class Event {
    public int eventType;
    public long dateTime;
    public @Nullable Person person;
    public @Nullable Auction auction;
    public @Nullable Bid bid;

    /** Who bids and sells. */
    public static final class Person {
        public long id;
        public String name = "";
        public String email = "";
        public String creditCard = "";
        public String city = "";
        public String state = "";
        public String extra = "";
    }

    /** What is sold. */
    public static final class Auction {
        public long id;
        public String itemName = "";
        public String description = "";
        public long initialBid;
        public long reserve;
        public long expires;
        public long seller;
        public long category;
        public String extra = "";
    }

    /** What is offered for it. */
    public static final class Bid {
        public long auction;
        public long bidder;
        public long price;
        public String channel = "";
        public String url = "";
        public String extra = "";
    }

    /** A result of {@link Query#Q1}. */
    public static final class BidInEuros {
        public long auction;
        public long bidder;
        public double price;
        public long dateTime;
        public String extra = "";
    }

    /** A result of {@link Query#Q2}. */
    public static final class AuctionAndPrice {
        public long auction;
        public long price;
    }

    /** A result of {@link Query#Q3}. */
    public static final class LocalSale {
        public String name = "";
        public String city = "";
        public String state = "";
        public long person;
        public long auction;
    }

    /** A result of {@link Query#Q8}. */
    public static final class NewSeller {
        public long person;
        public String name = "";
        /** Of the window, in milliseconds since 1970. */
        public long end;
    }

    /** A result of {@link Query#Q5}; how often an auction occurs, before it is known which one does most often. */
    public static final class HotItem {
        public long auction;
        public long bids;
        /** Of the window, in milliseconds since 1970. */
        public long end;

        /** Whether it comes before another one of the same window. */
        public boolean isHotterThan(HotItem other) {
            return bids > other.bids || bids == other.bids && auction > other.auction;
        }
    }

    /** A result of {@link Query#Q7}. */
    public static final class HighestBid {
        public long price;
        /** Of the window, in milliseconds since 1970. */
        public long end;
    }

    /** A result of {@link Query#Q11}. */
    public static final class Session {
        public long bidder;
        public long bids;
        /** In milliseconds since 1970, as the end. */
        public long start;

        public long end;
    }

    /** Its part of the checksum of {@link Query#Q0}. */
    public long checksum() {
        if (bid != null) {
            return Checksum.bid(bid.auction, bid.bidder, bid.price, dateTime, bid.extra.length());
        }
        if (auction != null) {
            return Checksum.auction(auction.id, auction.reserve, auction.seller, dateTime, auction.extra.length());
        }
        if (person != null) {
            return Checksum.person(person.id, dateTime, person.extra.length());
        }
        throw new IllegalStateException("an event of type " + eventType + " is empty");
    }

    public static long checksum(BidInEuros bid) {
        return Checksum.bidInEuros(bid.auction, bid.bidder, bid.price, bid.dateTime, bid.extra.length());
    }

    public static long checksum(AuctionAndPrice bid) {
        return Checksum.auctionAndPrice(bid.auction, bid.price);
    }

    public static long checksum(LocalSale sale) {
        return Checksum.localSale(sale.auction, sale.person, sale.name.length() + sale.city.length());
    }

    public static long checksum(NewSeller seller) {
        return Checksum.newSeller(seller.end, seller.person, seller.name.length());
    }

    public static long checksum(HotItem item) {
        return Checksum.hotItem(item.end, item.auction, item.bids);
    }

    public static long checksum(HighestBid bid) {
        return Checksum.highestBid(bid.end, bid.price);
    }

    public static long checksum(Session session) {
        return Checksum.session(session.bidder, session.start, session.end, session.bids);
    }
}
