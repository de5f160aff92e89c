package io.solstice.bench.adclick;

import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/** The campaign of each ad, as columns. */
public final class AdTable {
    public static final String CAMPAIGN = "campaign_id";

    private static final Schema SCHEMA = new Schema(List.of(AdBatches.text(AdBatches.AD), AdBatches.text(CAMPAIGN)));

    public static final int ROWS = Ads.ADS;

    private AdTable() {}

    public static Schema schema() {
        return SCHEMA;
    }

    /** All of it, owned by the caller. */
    public static Batch make(BufferAllocator allocator) {
        TextBatch made = new TextBatch(SCHEMA, allocator, ROWS);
        try (ArrowBuf ads = Ads.AD_NAMES.buffer(allocator);
                ArrowBuf campaigns = Ads.CAMPAIGN_NAMES.buffer(allocator)) {
            long adViews = made.texts(ads);
            long campaignViews = made.texts(campaigns);
            for (int ad = 0; ad < ROWS; ad++) {
                TextBatch.put(adViews, ad, Ads.AD_NAMES.views(), ad);
                TextBatch.put(campaignViews, ad, Ads.CAMPAIGN_NAMES.views(), Ads.campaign(ad));
            }
        }
        return made.build();
    }
}
