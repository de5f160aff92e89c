package io.solstice.bench.adclick;

import io.solstice.bench.nexmark.EventBatches;
import io.solstice.bench.nexmark.EventRange;
import io.solstice.bench.nexmark.StringPool;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Makes Arrow batches of events. */
public final class AdBatches implements EventBatches {
    public static final String AD = "ad_id";
    public static final String EVENT_TYPE = "event_type";
    public static final String TIME = "event_time";

    private static final List<StringPool> POOLS = List.of(
            Ads.USER_NAMES, Ads.PAGE_NAMES, Ads.AD_NAMES, Ads.AD_TYPE_NAMES, Ads.EVENT_TYPE_NAMES, Ads.ADDRESSES);
    private static final Schema SCHEMA = new Schema(Stream.concat(
                    Stream.of("user_id", "page_id", AD, "ad_type", EVENT_TYPE, "ip_address")
                            .map(AdBatches::text),
                    Stream.of(Field.nullable(TIME, new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"))))
            .toList());

    private final BufferAllocator allocator;
    private final EventRange range;
    private final List<ArrowBuf> bytes = new ArrayList<>();

    public AdBatches(BufferAllocator allocator, EventRange range) {
        this.allocator = allocator;
        this.range = range;
        POOLS.forEach(pool -> bytes.add(pool.buffer(allocator)));
    }

    public static Schema schema() {
        return SCHEMA;
    }

    static Field text(String name) {
        return Field.nullable(name, ArrowType.Utf8View.INSTANCE);
    }

    @Override
    public Batch make(long position, int rows) {
        TextBatch made = new TextBatch(SCHEMA, allocator, rows);
        long[] texts = new long[POOLS.size()];
        for (int column = 0; column < texts.length; column++) {
            texts[column] = made.texts(bytes.get(column));
        }
        fill(position, rows, texts, made.numbers());
        return made.build();
    }

    /** Writes other rows into a batch that was made here with as many. */
    void refill(Batch batch, long position) {
        long[] texts = new long[POOLS.size()];
        for (int column = 0; column < texts.length; column++) {
            texts[column] = batch.column(column).getDataBufferAddress();
        }
        fill(position, batch.rowCount(), texts, batch.column(TIME).getDataBufferAddress());
    }

    private void fill(long position, int rows, long[] texts, long times) {
        long[] users = Ads.USER_NAMES.views();
        long[] pages = Ads.PAGE_NAMES.views();
        long[] ads = Ads.AD_NAMES.views();
        long[] adTypes = Ads.AD_TYPE_NAMES.views();
        long[] eventTypes = Ads.EVENT_TYPE_NAMES.views();
        long[] addresses = Ads.ADDRESSES.views();
        for (int row = 0; row < rows; row++) {
            long n = range.event(position + row);
            long hash = Ads.hash(range.seed(), n);
            TextBatch.put(texts[0], row, users, Ads.user(hash));
            TextBatch.put(texts[1], row, pages, Ads.page(hash));
            TextBatch.put(texts[2], row, ads, Ads.ad(hash));
            TextBatch.put(texts[3], row, adTypes, Ads.adType(hash));
            TextBatch.put(texts[4], row, eventTypes, Ads.eventType(hash));
            TextBatch.put(texts[5], row, addresses, Ads.address(hash));
            MemoryUtil.putLong(times + ((long) row << 3), Ads.time(n));
        }
    }

    @Override
    public void close() {
        bytes.forEach(ArrowBuf::close);
    }
}
