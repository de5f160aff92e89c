package io.solstice.bench.adclick;

import io.solstice.bench.nexmark.BatchChecksum;
import io.solstice.bench.nexmark.Checksum;
import io.solstice.exchange.batch.Batch;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.ViewVarCharVector;

/** Sums up the views of campaigns. There are a hundred a window, so nothing here is in anybody's way. */
public final class CampaignChecksum implements BatchChecksum {
    public static final String VIEWS = "views";
    public static final String END = "window_end";

    private Checksum value = Checksum.NONE;

    /** A result's part: a number that belongs to another campaign or window gives another one. */
    static long part(int campaignHash, long endMillis, long views) {
        return endMillis + campaignHash * views;
    }

    @Override
    public void add(Batch batch) {
        ViewVarCharVector campaigns = (ViewVarCharVector) batch.column(AdTable.CAMPAIGN);
        TimeStampVector ends = (TimeStampVector) batch.column(END);
        BigIntVector views = (BigIntVector) batch.column(VIEWS);
        for (int row = 0; row < batch.rowCount(); row++) {
            int campaign = campaigns.getObject(row).toString().hashCode();
            value = value.plus(new Checksum(1, part(campaign, ends.get(row) / 1_000, views.get(row))));
        }
    }

    @Override
    public Checksum value() {
        return value;
    }
}
