package io.solstice.bench.nexmark;

/**
 * Row count and a sum over columns of each row, in any order. All systems must come to the same one: what is dropped,
 * doubled or miscomputed shows.
 */
public record Checksum(long rows, long sum) {
    public static final Checksum NONE = new Checksum(0, 0);

    public Checksum plus(Checksum other) {
        return new Checksum(rows + other.rows, sum + other.sum);
    }

    static long bid(long auction, long bidder, long price, long dateTime, int extraLength) {
        return auction * 3 + bidder * 5 + price * 7 + dateTime + extraLength;
    }

    static long auction(long id, long reserve, long seller, long dateTime, int extraLength) {
        return id * 11 + reserve * 13 + seller * 17 + dateTime + extraLength;
    }

    static long person(long id, long dateTime, int extraLength) {
        return id * 19 + dateTime + extraLength;
    }

    public static long bidInEuros(long auction, long bidder, double price, long dateTime, int extraLength) {
        return auction * 3 + bidder * 5 + Double.doubleToRawLongBits(price) * 7 + dateTime + extraLength;
    }

    public static long auctionAndPrice(long auction, long price) {
        return auction * 3 + price * 7;
    }

    public static long localSale(long auction, long person, int textLength) {
        return auction * 11 + person * 19 + textLength;
    }

    /** @param end of the window, in milliseconds since 1970 */
    public static long newSeller(long end, long person, int nameLength) {
        return end + person * 19 + nameLength;
    }

    /** @param end of the window, in milliseconds since 1970 */
    public static long hotItem(long end, long auction, long bids) {
        return end + auction * 3 + bids * 7;
    }

    /** @param end of the window, in milliseconds since 1970 */
    public static long highestBid(long end, long price) {
        return end + price * 7;
    }

    /** @param start of the session, and its end, in milliseconds since 1970 */
    public static long session(long bidder, long start, long end, long bids) {
        return bidder * 5 + start * 11 + end * 13 + bids * 7;
    }

    public static Checksum parse(String text) {
        int colon = text.indexOf(':');
        return new Checksum(
                Long.parseLong(text.substring(0, colon)), Long.parseUnsignedLong(text.substring(colon + 1), 16));
    }

    @Override
    public String toString() {
        return rows + ":" + Long.toHexString(sum);
    }
}
