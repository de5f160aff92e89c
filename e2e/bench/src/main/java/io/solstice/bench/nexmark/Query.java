package io.solstice.bench.nexmark;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The queries. Ties are broken, and what is open at the end of the events is closed, so that all have one answer. */
public enum Query {
    /** All events as they are. */
    Q0,
    /** All bids, their price times {@link #EUROS_PER_DOLLAR}. */
    Q1,
    /** Auction and price of the bids on every {@link #AUCTION_MODULUS}rd auction. */
    Q2,
    /** Who of {@link #STATES} sells what of {@link #CATEGORY}: each auction with its seller, whoever comes first. */
    Q3,
    /**
     * The auction with the most bids of each {@link #WINDOW}, of which one begins every {@link #SLIDE}, and how many;
     * of those with as many the newest.
     */
    Q5,
    /** The highest price bid in each {@link #WINDOW}. */
    Q7,
    /** The persons that came and opened an auction in the same {@link #WINDOW}. */
    Q8,
    /** How many bids a bidder makes in a session, which ends when none comes for {@link #GAP}. */
    Q11;

    public static final double EUROS_PER_DOLLAR = 0.908;
    public static final long AUCTION_MODULUS = 123;

    public static final List<String> STATES = List.of("OR", "ID", "CA");
    public static final long CATEGORY = 10;

    public static final Duration WINDOW = Duration.ofSeconds(10);
    public static final Duration SLIDE = Duration.ofSeconds(2);
    public static final Duration GAP = Duration.ofSeconds(10);

    /** Those that answer each event for itself, whatever the time. */
    public static List<Query> stateless() {
        return Arrays.stream(values()).filter(query -> !query.hasState()).toList();
    }

    public static List<Query> withState() {
        return Arrays.stream(values()).filter(Query::hasState).toList();
    }

    /** Whether an answer depends on several events. */
    public boolean hasState() {
        return switch (this) {
            case Q0, Q1, Q2 -> false;
            case Q3, Q5, Q7, Q8, Q11 -> true;
        };
    }

    /** Whether it groups events by their time. */
    public boolean hasWindows() {
        return hasState() && this != Q3;
    }

    /** Whether it joins events of one kind with those of another. */
    public boolean isJoin() {
        return this == Q3 || this == Q8;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
