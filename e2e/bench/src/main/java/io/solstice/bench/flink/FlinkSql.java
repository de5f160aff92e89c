package io.solstice.bench.flink;

import io.solstice.bench.nexmark.Checksum;
import io.solstice.bench.nexmark.Event;
import io.solstice.bench.nexmark.Query;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.data.RowData;

/**
 * The queries as SQL. Windows are those of window functions, which the planner aggregates in slices and, for the best of
 * a window, with a Top-N that keeps nothing else; a join back, as the texts of the Nexmark project have it, costs more.
 */
final class FlinkSql {
    private static final String SIZE = SqlTables.seconds(Query.WINDOW);
    private static final String SLIDE = SqlTables.seconds(Query.SLIDE);
    private static final String GAP = SqlTables.seconds(Query.GAP);

    private FlinkSql() {}

    static void build(StreamExecutionEnvironment environment, Query query, DataStream<Event> source, long run) {
        SqlTables tables = SqlTables.of(environment);
        DataStream<RowData> rows = source.map(new EventRows()).returns(EventRows.type());
        if (query.hasWindows()) {
            tables.timedEvents(rows);
            tables.view(
                    "bids", "SELECT bid.auction, bid.bidder, bid.price, event_time FROM events WHERE event_type = 2");
            tables.view("persons", "SELECT person.id, person.name, event_time FROM events WHERE event_type = 0");
            tables.view("auctions", "SELECT auction.seller, event_time FROM events WHERE event_type = 1");
        } else {
            tables.events(rows);
        }
        tables.query(text(query)).sinkTo(new ChecksumSink<RowData>(run, sum(query)));
    }

    private static String text(Query query) {
        return switch (query) {
            case Q0 -> "SELECT * FROM events";
            case Q1 ->
                "SELECT bid.auction, bid.bidder, bid.price * CAST(" + Query.EUROS_PER_DOLLAR
                        + " AS DOUBLE), date_time, bid.extra FROM events WHERE event_type = 2";
            case Q2 ->
                "SELECT bid.auction, bid.price FROM events WHERE event_type = 2 AND MOD(bid.auction, "
                        + Query.AUCTION_MODULUS + ") = 0";
            case Q3 -> localSales();
            case Q5 -> hotItems();
            case Q7 -> "SELECT window_end, MAX(price) FROM " + tumbling("bids") + " GROUP BY window_start, window_end";
            case Q8 -> newSellers();
            case Q11 ->
                "SELECT bidder, window_start, window_end, COUNT(*) FROM TABLE(SESSION(TABLE bids PARTITION BY bidder,"
                        + " DESCRIPTOR(event_time), " + GAP + ")) GROUP BY bidder, window_start, window_end";
        };
    }

    private static String localSales() {
        String states = Query.STATES.stream().collect(Collectors.joining("', '", "'", "'"));
        return "SELECT a.id, p.id, p.name, p.city FROM"
                + " (SELECT auction.id AS id, auction.seller AS seller FROM events WHERE event_type = 1"
                + " AND auction.category = " + Query.CATEGORY + ") a JOIN"
                + " (SELECT person.id AS id, person.name AS name, person.city AS city, person.state AS state"
                + " FROM events WHERE event_type = 0 AND person.state IN (" + states + ")) p"
                + " ON a.seller = p.id";
    }

    private static String hotItems() {
        return "SELECT window_end, auction, bids FROM ("
                + "SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end"
                + " ORDER BY bids DESC, auction DESC) AS place FROM ("
                + "SELECT auction, window_start, window_end, COUNT(*) AS bids FROM TABLE(HOP(TABLE bids,"
                + " DESCRIPTOR(event_time), " + SLIDE + ", " + SIZE + "))"
                + " GROUP BY auction, window_start, window_end)) WHERE place = 1";
    }

    private static String newSellers() {
        return "SELECT p.window_end, p.id, p.name FROM"
                + " (SELECT id, name, window_start, window_end FROM " + tumbling("persons")
                + ") p JOIN"
                + " (SELECT seller, window_start, window_end FROM " + tumbling("auctions")
                + " GROUP BY seller, window_start, window_end) a"
                + " ON p.id = a.seller AND p.window_start = a.window_start AND p.window_end = a.window_end";
    }

    private static String tumbling(String table) {
        return SqlTables.tumbling(table, Query.WINDOW);
    }

    /** A row's part of the checksum, by the columns of its query. */
    private static ChecksumSink.RowSum<RowData> sum(Query query) {
        return switch (query) {
            case Q0 -> EventRows::checksum;
            case Q1 ->
                row -> Checksum.bidInEuros(
                        row.getLong(0), row.getLong(1), row.getDouble(2), row.getLong(3), length(row, 4));
            case Q2 -> row -> Checksum.auctionAndPrice(row.getLong(0), row.getLong(1));
            case Q3 -> row -> Checksum.localSale(row.getLong(0), row.getLong(1), length(row, 2) + length(row, 3));
            case Q5 -> row -> Checksum.hotItem(millis(row, 0), row.getLong(1), row.getLong(2));
            case Q7 -> row -> Checksum.highestBid(millis(row, 0), row.getLong(1));
            case Q8 -> row -> Checksum.newSeller(millis(row, 0), row.getLong(1), length(row, 2));
            case Q11 -> row -> Checksum.session(row.getLong(0), millis(row, 1), millis(row, 2), row.getLong(3));
        };
    }

    private static int length(RowData row, int column) {
        return SqlTables.text(row, column).length();
    }

    private static long millis(RowData row, int column) {
        return SqlTables.millis(row, column);
    }
}
