package io.solstice.bench.nexmark;

/**
 * What event n is: a pure function of n and the seed. Proportions, hot keys and value ranges are those of the Nexmark
 * generator: of 50 events one is a person, three are auctions and 46 are bids; half of the bids go to the hot auction,
 * three quarters come from the hot bidder and as many auctions from the hot seller. One 64-bit hash of n gives all the
 * random choices of an event, each from bits of its own.
 */
public final class Nexmark {
    public static final int PERSON = 0;
    public static final int AUCTION = 1;
    public static final int BID = 2;

    /** Stands for all kinds where a column has a value in every row. */
    static final int ANY = 3;

    /** Events in an epoch: a person, its auctions, its bids. */
    static final int EPOCH = 50;

    static final int PERSONS = 1;
    static final int AUCTIONS = 3;

    static final long FIRST_ID = 1000;
    static final long FIRST_CATEGORY = 10;
    static final long CATEGORIES = 5;

    private static final long START_MICROS = 1_436_918_400_000_000L;
    /** 100,000 events a second. */
    private static final long MICROS_BETWEEN = 10;

    private static final long HOT_AUCTIONS_EVERY = 100;
    private static final long HOT_PEOPLE_EVERY = 100;
    private static final long AUCTIONS_IN_FLIGHT = 100;
    private static final long ACTIVE_PEOPLE = 1000;
    private static final long LEAD = 10;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Nexmark() {}

    /** The choices of event n (SplitMix64). */
    public static long hash(long seed, long n) {
        long z = seed + n * GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    static int kind(long n) {
        int offset = (int) (n % EPOCH);
        if (offset < PERSONS) {
            return PERSON;
        }
        return offset < PERSONS + AUCTIONS ? AUCTION : BID;
    }

    public static long dateTime(long n) {
        return START_MICROS + n * MICROS_BETWEEN;
    }

    /** The number of the newest person when event n happens. */
    static long lastPerson(long n) {
        return n / EPOCH;
    }

    /** The number of the newest auction when event n happens; -1 before the first. */
    static long lastAuction(long n) {
        long epoch = n / EPOCH;
        long offset = n % EPOCH - PERSONS;
        return offset < 0 ? epoch * AUCTIONS - 1 : epoch * AUCTIONS + Math.min(offset, AUCTIONS - 1);
    }

    static long hotAuction(long lastAuction) {
        return FIRST_ID + lastAuction / HOT_AUCTIONS_EVERY * HOT_AUCTIONS_EVERY;
    }

    static long oldestAuction(long lastAuction) {
        return FIRST_ID + Math.max(0, lastAuction - AUCTIONS_IN_FLIGHT);
    }

    /** How many auctions a bid that is not for the hot one may be for. */
    static long auctionsToChoose(long lastAuction) {
        return Math.min(lastAuction, AUCTIONS_IN_FLIGHT) + 1 + LEAD;
    }

    static long hotSeller(long lastPerson) {
        return FIRST_ID + lastPerson / HOT_PEOPLE_EVERY * HOT_PEOPLE_EVERY;
    }

    static long hotBidder(long lastPerson) {
        return hotSeller(lastPerson) + 1;
    }

    static long oldestPerson(long lastPerson) {
        return FIRST_ID + Math.max(0, lastPerson + 1 - ACTIVE_PEOPLE);
    }

    static long peopleToChoose(long lastPerson) {
        return Math.min(lastPerson + 1, ACTIVE_PEOPLE) + LEAD;
    }

    /** One of two: bit 0 decides, without a branch that nothing could predict. */
    static long bidAuction(long hash, long hot, long oldest, long choices) {
        long cold = oldest + ((hash >>> 3 & 0x3FF) * choices >>> 10);
        return cold ^ ((cold ^ hot) & -(hash & 1));
    }

    /** Three times of four the hot person: bits 1 and 2 decide. Bidders and sellers are chosen alike. */
    static long personOf(long hash, long hot, long oldest, long choices) {
        long cold = oldest + ((hash >>> 13 & 0xFFFF) * choices >>> 16);
        return hot ^ ((hot ^ cold) & ((hash >>> 1 & 3) - 1) >> 63);
    }

    static int priceIndex(long hash) {
        return (int) (hash >>> 29) & Pools.PRICE_MASK;
    }

    static int secondPriceIndex(long hash) {
        return (int) (hash >>> 3) & Pools.PRICE_MASK;
    }

    static long category(long hash) {
        return FIRST_CATEGORY + ((hash >>> 29 & 0xFF) * CATEGORIES >>> 8);
    }

    /** Up to 33 ms, twice the time that 100 auctions take to open. */
    static long expires(long dateTime, long hash) {
        return dateTime + 1000 + (hash >>> 48) % 33_000;
    }

    /**
     * Which string of a pool. The bits of the first two are nobody else's; the rarer kinds' further ones may overlap.
     */
    static int text(long hash, int choice) {
        return (int) Long.rotateRight(hash, 41 + choice * 10) & StringPool.MASK;
    }
}
