package io.solstice.faults.workload;

/**
 * A generated row with a time, for all that depends on times and keys.
 *
 * @param id of its own among all rows of all seeds, as far as 64 bits can tell
 * @param part of the source
 * @param seq of the row in its partition, from 0
 * @param key one of 1000
 * @param region one of 100, each with ten keys
 * @param value what is summed up
 * @param micros when it happened
 * @param late whether it comes long after its time
 */
public record Timed(long id, long part, long seq, long key, long region, long value, long micros, boolean late) {
    public static final long SECOND = 1_000_000;
    /** By how much a row may be older than one before it. */
    public static final long DISORDER = 400_000;
    /** By how much the watermark stays behind: no row is late that is not meant to be. */
    public static final long DELAY = 500_000;
    /** So far apart two rows of a partition are that follow each other, but for the disorder. */
    public static final long STEP = 10_000;

    /** 2026-01-01 in UTC. */
    private static final long BEGIN = 1_767_225_600_000_000L;

    private static final int KEYS_OF_A_REGION = 10;
    private static final int FIRST_LATE = 500;
    private static final int LATE_ONE_IN = 150;
    private static final long LITTLE_LATE = 30 * SECOND;
    private static final long VERY_LATE = 3_600 * SECOND;

    /** @param mayBeLate whether rows late on purpose are among them */
    public static Timed of(long seed, long part, long seq, boolean mayBeLate) {
        Event event = Event.of(seed, part, seq);
        long id = event.id();
        long micros = BEGIN + seq * STEP + Math.floorMod(id >>> 7, DISORDER);
        boolean late = mayBeLate && seq >= FIRST_LATE && Math.floorMod(id >>> 33, LATE_ONE_IN) == 0;
        if (late) {
            micros -= (id & 1) == 0 ? LITTLE_LATE : VERY_LATE;
        }
        long value = id >>> 40;
        return new Timed(id, part, seq, event.key(), event.key() / KEYS_OF_A_REGION, value, micros, late);
    }
}
