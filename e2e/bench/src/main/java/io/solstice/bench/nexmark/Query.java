package io.solstice.bench.nexmark;

import java.util.Locale;

/** The stateless queries. */
public enum Query {
    /** All events as they are. */
    Q0,
    /** All bids, their price times {@link #EUROS_PER_DOLLAR}. */
    Q1,
    /** Auction and price of the bids on every {@link #AUCTION_MODULUS}rd auction. */
    Q2;

    public static final double EUROS_PER_DOLLAR = 0.908;
    public static final long AUCTION_MODULUS = 123;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
