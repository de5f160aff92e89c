package io.solstice.bench.adclick;

import io.solstice.bench.nexmark.EventMaker;
import java.util.function.LongFunction;

/** An event as an object, in the form that Flink's own serializer takes: public, mutable, without a constructor. */
public final class AdEvent {
    public String userId = "";
    public String pageId = "";
    public String adId = "";
    public String adType = "";
    public String eventType = "";
    public String ipAddress = "";
    /** In microseconds since 1970. */
    public long eventTime;

    /** How often the ads of a campaign were seen in a window. */
    public static final class Views {
        public String campaign = "";
        /** Of the window, in milliseconds since 1970. */
        public long end;

        public long views;
    }

    public static boolean isView(AdEvent event) {
        return event.eventType.equals(Ads.VIEW);
    }

    /** A result's part of the checksum. */
    public static long checksum(Views views) {
        return CampaignChecksum.part(views.campaign.hashCode(), views.end, views.views);
    }

    /** Makes events with texts from the same pools as {@link AdBatches}. */
    public record Maker() implements EventMaker<AdEvent> {
        @Override
        public LongFunction<AdEvent> with(long seed) {
            return n -> event(seed, n);
        }

        @Override
        public long millis(AdEvent event) {
            return event.eventTime / 1_000;
        }
    }

    private static AdEvent event(long seed, long n) {
        long hash = Ads.hash(seed, n);
        AdEvent event = new AdEvent();
        event.userId = Ads.USER_NAMES.string(Ads.user(hash));
        event.pageId = Ads.PAGE_NAMES.string(Ads.page(hash));
        event.adId = Ads.AD_NAMES.string(Ads.ad(hash));
        event.adType = Ads.AD_TYPE_NAMES.string(Ads.adType(hash));
        event.eventType = Ads.EVENT_TYPE_NAMES.string(Ads.eventType(hash));
        event.ipAddress = Ads.ADDRESSES.string(Ads.address(hash));
        event.eventTime = Ads.time(n);
        return event;
    }
}
