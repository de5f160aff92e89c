package io.solstice.faults.workload;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * A generated row.
 *
 * @param id of its own among all rows of all seeds, as far as 64 bits can tell
 * @param part of the source
 * @param seq of the row in its partition, from 0
 * @param crc over all the others
 */
public record Event(long id, long part, long seq, long key, String payload, long crc) {
    public static final int KEYS = 1000;
    private static final long ODD = 0x9e3779b97f4a7c15L;
    private static final int SHORTEST = 8;

    public static Event of(long seed, long part, long seq) {
        long id = mix(mix(mix(seed * ODD) + part) + seq);
        // Low keys come more often than high ones.
        double spread = (mix(id) >>> 11) * 0x1.0p-53;
        long key = (long) (spread * spread * KEYS);
        String digits = Long.toHexString(id) + Long.toHexString(mix(id + 1));
        String payload = digits.substring(0, Math.min(digits.length(), SHORTEST + Math.floorMod(id, 24)));
        return new Event(id, part, seq, key, payload, crc(id, part, seq, key, payload));
    }

    /** Of the values as they are, whatever they are. */
    public static long crc(long id, long part, long seq, long key, String payload) {
        CRC32 crc = new CRC32();
        for (long number : new long[] {id, part, seq, key}) {
            for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
                crc.update((int) (number >>> shift));
            }
        }
        crc.update(payload.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    /** The finaliser of SplitMix64. */
    private static long mix(long z) {
        long mixed = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
