package io.solstice.bench.adclick;

import io.solstice.bench.nexmark.Nexmark;
import io.solstice.bench.nexmark.StringPool;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What event n is: a pure function of n and the seed. There are a hundred campaigns of ten ads each, and a third of the
 * events are views. Users, pages, ads and campaigns have names of 36 letters, as in the original; a thousandth part of a
 * second has a hundred events, as in the Nexmark queries.
 */
public final class Ads {
    /** Counted are the views of each of these. */
    public static final Duration WINDOW = Duration.ofSeconds(10);

    public static final String VIEW = "view";

    static final int ADS_OF_A_CAMPAIGN = 10;
    static final int ADS = 1_000;

    private static final String[] EVENT_TYPES = {VIEW, "click", "purchase"};
    private static final String[] AD_TYPES = {"banner", "modal", "sponsored-search", "mail", "mobile"};
    private static final int CHOICES = StringPool.SIZE - 1;

    private static final Random RANDOM = new Random(20_151_216);
    static final StringPool USER_NAMES = new StringPool(RANDOM, Ads::name);
    static final StringPool PAGE_NAMES = new StringPool(RANDOM, Ads::name);
    static final StringPool AD_NAMES = new StringPool(RANDOM, Ads::name);
    static final StringPool CAMPAIGN_NAMES = new StringPool(RANDOM, Ads::name);
    static final StringPool AD_TYPE_NAMES = new StringPool(RANDOM, random -> oneOf(random, AD_TYPES));
    static final StringPool EVENT_TYPE_NAMES = new StringPool(RANDOM, random -> oneOf(random, EVENT_TYPES));
    static final StringPool ADDRESSES =
            new StringPool(RANDOM, random -> "10." + random.nextInt(256) + "." + random.nextInt(256) + ".1");

    private Ads() {}

    private static String name(RandomGenerator random) {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private static String oneOf(RandomGenerator random, String[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** The choices of event n; each is made from bits of its own. */
    static long hash(long seed, long n) {
        return Nexmark.hash(seed, n);
    }

    /** In microseconds since 1970. */
    static long time(long n) {
        return Nexmark.dateTime(n);
    }

    static int ad(long hash) {
        return (int) ((hash & 0xFFFF) * ADS >>> 16);
    }

    static int eventType(long hash) {
        return (int) (hash >>> 16) & CHOICES;
    }

    static int user(long hash) {
        return (int) (hash >>> 26) & CHOICES;
    }

    static int page(long hash) {
        return (int) (hash >>> 36) & CHOICES;
    }

    static int adType(long hash) {
        return (int) (hash >>> 46) & CHOICES;
    }

    static int address(long hash) {
        return (int) (hash >>> 54) & CHOICES;
    }

    static int campaign(int ad) {
        return ad / ADS_OF_A_CAMPAIGN;
    }

    /** The campaign of each ad: the table that does not change. */
    public static Map<String, String> campaigns() {
        Map<String, String> table = new HashMap<>();
        for (int ad = 0; ad < ADS; ad++) {
            table.put(AD_NAMES.string(ad), CAMPAIGN_NAMES.string(campaign(ad)));
        }
        return table;
    }
}
