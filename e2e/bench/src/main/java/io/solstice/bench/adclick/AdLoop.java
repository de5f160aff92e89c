package io.solstice.bench.adclick;

import io.solstice.bench.nexmark.Checksum;
import io.solstice.bench.nexmark.EventRange;
import io.solstice.bench.nexmark.NexmarkBatches;
import io.solstice.bench.nexmark.StringPool;
import io.solstice.exchange.batch.Batch;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.ViewVarCharVector;

/**
 * The count without an engine: one loop over the columns on one thread. It is the limit that the systems are measured
 * against, and tells which checksum they must come to.
 */
public final class AdLoop {
    private static final long WINDOW = Ads.WINDOW.toNanos() / 1_000;
    private static final long VIEW = StringPool.firstView(Ads.VIEW);

    private final AdIndex ads = new AdIndex();
    private final long[] views = new long[Ads.ADS / Ads.ADS_OF_A_CAMPAIGN];
    private long end;
    private Checksum result = Checksum.NONE;

    private AdLoop() {}

    /** Generates the events into one batch, again and again, and counts. */
    public static Checksum generate(BufferAllocator allocator, EventRange range, Runnable started) {
        AdLoop loop = new AdLoop();
        try (AdBatches batches = new AdBatches(allocator, range);
                Batch reused = batches.make(0, NexmarkBatches.ROWS)) {
            started.run();
            long position = 0;
            for (; position + NexmarkBatches.ROWS <= range.rows(); position += NexmarkBatches.ROWS) {
                batches.refill(reused, position);
                loop.add(reused);
            }
            if (position < range.rows()) {
                try (Batch last = batches.make(position, (int) (range.rows() - position))) {
                    loop.add(last);
                }
            }
        }
        loop.endWindow();
        return loop.result;
    }

    private void add(Batch batch) {
        ViewVarCharVector names = (ViewVarCharVector) batch.column(AdBatches.AD);
        long ads = names.getDataBufferAddress();
        long bytes = names.getDataBuffers().get(0).memoryAddress();
        long types = batch.column(AdBatches.EVENT_TYPE).getDataBufferAddress();
        long times = batch.column(AdBatches.TIME).getDataBufferAddress();
        for (int row = 0; row < batch.rowCount(); row++) {
            long time = MemoryUtil.getLong(times + ((long) row << 3));
            if (time >= end) {
                endWindow();
                end = time / WINDOW * WINDOW + WINDOW;
            }
            // Length and four letters: all of it.
            if (MemoryUtil.getLong(types + ((long) row << 4)) == VIEW) {
                int offset = MemoryUtil.getInt(ads + ((long) row << 4) + 12);
                views[Ads.campaign(this.ads.find(bytes + offset))]++;
            }
        }
    }

    private void endWindow() {
        for (int campaign = 0; campaign < views.length; campaign++) {
            if (views[campaign] > 0) {
                int hash = Ads.CAMPAIGN_NAMES.string(campaign).hashCode();
                result = result.plus(new Checksum(1, CampaignChecksum.part(hash, end / 1_000, views[campaign])));
                views[campaign] = 0;
            }
        }
    }
}
