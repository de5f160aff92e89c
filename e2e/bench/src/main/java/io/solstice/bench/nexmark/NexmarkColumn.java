package io.solstice.bench.nexmark;

import java.util.List;
import java.util.Locale;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The columns of an event, in order. The three kinds of event lie side by side: a row has values in the columns of its
 * kind and nulls in the others, where nothing but the validity bits is written.
 */
enum NexmarkColumn {
    EVENT_TYPE(Nexmark.ANY, Type.INT32, null),
    DATE_TIME(Nexmark.ANY, Type.TIMESTAMP, null),
    PERSON_ID(Nexmark.PERSON, Type.INT64, null),
    NAME(Nexmark.PERSON, Type.TEXT, Pools.STANDARD.names),
    EMAIL(Nexmark.PERSON, Type.TEXT, Pools.STANDARD.emails),
    CREDIT_CARD(Nexmark.PERSON, Type.TEXT, Pools.STANDARD.creditCards),
    CITY(Nexmark.PERSON, Type.TEXT, Pools.STANDARD.cities),
    STATE(Nexmark.PERSON, Type.TEXT, Pools.STANDARD.states),
    PERSON_EXTRA(Nexmark.PERSON, Type.TEXT, Pools.STANDARD.personExtras),
    AUCTION_ID(Nexmark.AUCTION, Type.INT64, null),
    ITEM_NAME(Nexmark.AUCTION, Type.TEXT, Pools.STANDARD.itemNames),
    DESCRIPTION(Nexmark.AUCTION, Type.TEXT, Pools.STANDARD.descriptions),
    INITIAL_BID(Nexmark.AUCTION, Type.INT64, null),
    RESERVE(Nexmark.AUCTION, Type.INT64, null),
    EXPIRES(Nexmark.AUCTION, Type.TIMESTAMP, null),
    SELLER(Nexmark.AUCTION, Type.INT64, null),
    CATEGORY(Nexmark.AUCTION, Type.INT64, null),
    AUCTION_EXTRA(Nexmark.AUCTION, Type.TEXT, Pools.STANDARD.auctionExtras),
    AUCTION(Nexmark.BID, Type.INT64, null),
    BIDDER(Nexmark.BID, Type.INT64, null),
    PRICE(Nexmark.BID, Type.INT64, null),
    CHANNEL(Nexmark.BID, Type.TEXT, Pools.STANDARD.channels),
    URL(Nexmark.BID, Type.TEXT, Pools.STANDARD.urls),
    EXTRA(Nexmark.BID, Type.TEXT, Pools.STANDARD.bidExtras);

    static final List<NexmarkColumn> ALL = List.of(values());
    static final Schema SCHEMA =
            new Schema(ALL.stream().map(NexmarkColumn::field).toList());

    private final int kind;
    private final Type type;
    private final @Nullable StringPool pool;

    NexmarkColumn(int kind, Type type, @Nullable StringPool pool) {
        this.kind = kind;
        this.type = type;
        this.pool = pool;
    }

    String columnName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of event that has a value here, {@link Nexmark#ANY} if all have. */
    int kind() {
        return kind;
    }

    /** Bytes a row in the data buffer. */
    int width() {
        return type.width;
    }

    @Nullable
    StringPool pool() {
        return pool;
    }

    private Field field() {
        return new Field(columnName(), FieldType.nullable(type.arrow), null);
    }

    private enum Type {
        INT32(4, new ArrowType.Int(32, true)),
        INT64(8, new ArrowType.Int(64, true)),
        TIMESTAMP(8, new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
        TEXT(16, ArrowType.Utf8View.INSTANCE);

        private final int width;
        private final ArrowType arrow;

        Type(int width, ArrowType arrow) {
            this.width = width;
            this.arrow = arrow;
        }
    }
}
