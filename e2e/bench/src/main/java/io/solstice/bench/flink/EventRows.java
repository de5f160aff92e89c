package io.solstice.bench.flink;

import io.solstice.bench.nexmark.Event;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarCharType;
import org.jspecify.annotations.Nullable;

/**
 * Events as the rows that SQL's operators work on, as a connector of Flink's own would make them: nothing is converted
 * behind the source, and a text stays the string that it is until its bytes are needed.
 */
final class EventRows implements MapFunction<Event, RowData> {
    static final String TYPE = "event_type";
    static final String TIME = "date_time";

    private static final LogicalType LONG = new BigIntType();
    private static final LogicalType TEXT = new VarCharType(VarCharType.MAX_LENGTH);
    private static final RowType PERSON = RowType.of(
            new LogicalType[] {LONG, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT},
            new String[] {"id", "name", "email", "credit_card", "city", "state", "extra"});
    private static final RowType AUCTION =
            RowType.of(new LogicalType[] {LONG, TEXT, TEXT, LONG, LONG, LONG, LONG, LONG, TEXT}, new String[] {
                "id", "item_name", "description", "initial_bid", "reserve", "expires", "seller", "category", "extra"
            });
    private static final RowType BID = RowType.of(
            new LogicalType[] {LONG, LONG, LONG, TEXT, TEXT, TEXT},
            new String[] {"auction", "bidder", "price", "channel", "url", "extra"});
    private static final long serialVersionUID = 1;

    /** {@link #TIME} is in microseconds since 1970, as a number: Flink's time has milliseconds. */
    static InternalTypeInfo<RowData> type() {
        return InternalTypeInfo.of(RowType.of(
                new LogicalType[] {new IntType(), LONG, PERSON, AUCTION, BID},
                new String[] {TYPE, TIME, "person", "auction", "bid"}));
    }

    /** {@link Query#Q0}'s part of the checksum, of a row that was made here. */
    static long checksum(RowData row) {
        Event event = new Event();
        event.eventType = row.getInt(0);
        event.dateTime = row.getLong(1);
        if (!row.isNullAt(2)) {
            RowData from = row.getRow(2, PERSON.getFieldCount());
            Event.Person person = new Event.Person();
            person.id = from.getLong(0);
            person.extra = from.getString(6).toString();
            event.person = person;
        }
        if (!row.isNullAt(3)) {
            RowData from = row.getRow(3, AUCTION.getFieldCount());
            Event.Auction auction = new Event.Auction();
            auction.id = from.getLong(0);
            auction.reserve = from.getLong(4);
            auction.seller = from.getLong(6);
            auction.extra = from.getString(8).toString();
            event.auction = auction;
        }
        if (!row.isNullAt(4)) {
            RowData from = row.getRow(4, BID.getFieldCount());
            Event.Bid bid = new Event.Bid();
            bid.auction = from.getLong(0);
            bid.bidder = from.getLong(1);
            bid.price = from.getLong(2);
            bid.extra = from.getString(5).toString();
            event.bid = bid;
        }
        return event.checksum();
    }

    @Override
    public RowData map(Event event) {
        return GenericRowData.of(
                event.eventType, event.dateTime, person(event.person), auction(event.auction), bid(event.bid));
    }

    private static @Nullable RowData person(Event.@Nullable Person person) {
        return person == null
                ? null
                : GenericRowData.of(
                        person.id,
                        text(person.name),
                        text(person.email),
                        text(person.creditCard),
                        text(person.city),
                        text(person.state),
                        text(person.extra));
    }

    private static @Nullable RowData auction(Event.@Nullable Auction auction) {
        return auction == null
                ? null
                : GenericRowData.of(
                        auction.id,
                        text(auction.itemName),
                        text(auction.description),
                        auction.initialBid,
                        auction.reserve,
                        auction.expires,
                        auction.seller,
                        auction.category,
                        text(auction.extra));
    }

    private static @Nullable RowData bid(Event.@Nullable Bid bid) {
        return bid == null
                ? null
                : GenericRowData.of(
                        bid.auction, bid.bidder, bid.price, text(bid.channel), text(bid.url), text(bid.extra));
    }

    private static StringData text(String value) {
        return StringData.fromString(value);
    }
}
