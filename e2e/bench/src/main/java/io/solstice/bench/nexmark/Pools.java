package io.solstice.bench.nexmark;

import java.util.Random;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The strings and prices that events choose from, of the sizes that the Nexmark generator aims at: about 200 bytes for
 * a person, 500 for an auction, and 100 for a bid before its channel and address.
 */
final class Pools {
    static final int PRICE_MASK = 4095;

    private static final String[] FIRST_NAMES = {
        "Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"
    };
    private static final String[] LAST_NAMES = {
        "Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"
    };
    private static final String[] CITIES = {
        "Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland", "Bend", "Redmond", "Seattle", "Kent", "Cheyenne"
    };
    private static final String[] STATES = {"AZ", "CA", "ID", "OR", "WA", "WY"};
    private static final String[] HOT_CHANNELS = {"Google", "Facebook", "Baidu", "Apple"};

    /** The pools of all runs; what differs with the seed is which of them an event chooses. */
    static final Pools STANDARD = new Pools(new Random(20_150_715));

    final StringPool names;
    final StringPool emails;
    final StringPool creditCards;
    final StringPool cities;
    final StringPool states;
    final StringPool personExtras;
    final StringPool itemNames;
    final StringPool descriptions;
    final StringPool auctionExtras;
    final StringPool channels;
    final StringPool urls;
    final StringPool bidExtras;
    final long[] prices = new long[PRICE_MASK + 1];

    private Pools(Random random) {
        names = pool(random, r -> oneOf(r, FIRST_NAMES) + " " + oneOf(r, LAST_NAMES));
        emails = pool(random, r -> text(r, 7) + "@" + text(r, 5) + ".com");
        creditCards = pool(
                random,
                r -> String.format(
                        "%04d %04d %04d %04d",
                        r.nextInt(10_000), r.nextInt(10_000), r.nextInt(10_000), r.nextInt(10_000)));
        cities = pool(random, r -> oneOf(r, CITIES));
        states = pool(random, r -> oneOf(r, STATES));
        personExtras = pool(random, r -> about(r, 137));
        itemNames = pool(random, r -> text(r, 20));
        descriptions = pool(random, r -> text(r, 100));
        auctionExtras = pool(random, r -> about(r, 390));
        // Channels and addresses belong together: the hot ones have one address each.
        String[] hotUrls = new String[HOT_CHANNELS.length];
        for (int i = 0; i < hotUrls.length; i++) {
            hotUrls[i] = url(random);
        }
        String[] chosenUrls = new String[StringPool.SIZE];
        int[] made = {0};
        channels = pool(random, r -> {
            int index = made[0]++;
            int hot = r.nextInt(HOT_CHANNELS.length);
            boolean isHot = r.nextBoolean();
            chosenUrls[index] = isHot ? hotUrls[hot] : url(r) + "&channel_id=" + index;
            return isHot ? HOT_CHANNELS[hot] : "channel-" + index;
        });
        made[0] = 0;
        urls = pool(random, r -> chosenUrls[made[0]++]);
        bidExtras = pool(random, r -> about(r, 68));
        for (int i = 0; i < prices.length; i++) {
            prices[i] = Math.round(Math.pow(10, random.nextDouble() * 6) * 100);
        }
    }

    private static StringPool pool(Random random, Function<RandomGenerator, String> maker) {
        return new StringPool(random, maker);
    }

    private static String oneOf(RandomGenerator random, String[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String url(RandomGenerator random) {
        return "https://www.nexmark.com/" + letters(random, 5) + "/" + letters(random, 5) + "/" + letters(random, 5)
                + "/item.htm?query=1";
    }

    /** Words of 3 to {@code longest} characters in all. */
    private static String text(RandomGenerator random, int longest) {
        return letters(random, 3 + random.nextInt(longest - 3));
    }

    /** Within a fifth of that size. */
    private static String about(RandomGenerator random, int size) {
        int spread = size / 5;
        return letters(random, size - spread + random.nextInt(2 * spread + 1));
    }

    private static String letters(RandomGenerator random, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(random.nextInt(13) == 0 ? ' ' : (char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }
}
