package io.solstice.worker.pile;

import java.util.List;

/** Which of the runs of an owner are to be merged, so that a key is in few of them. Runs are the oldest first. */
public final class Generations {
    private Generations() {}

    /** How many there are. */
    public static int count(List<Run> runs) {
        int count = 0;
        int last = -1;
        for (Run run : runs) {
            count += run.generation() == last ? 0 : 1;
            last = run.generation();
        }
        return count;
    }

    /**
     * The first of the runs to be merged with all that are newer: the newest ones, and of the older ones those that are
     * not much larger than what is newer.
     */
    public static int mergeFrom(List<Run> runs, int most) {
        int from = runs.size();
        long newer = 0;
        int merged = 0;
        while (from > 0) {
            int begin = begin(runs, from - 1);
            long rows = runs.subList(begin, from).stream().mapToLong(Run::rows).sum();
            if (merged > most / 2 && rows > 2 * newer) {
                break;
            }
            newer += rows;
            from = begin;
            merged++;
        }
        return from;
    }

    private static int begin(List<Run> runs, int at) {
        int begin = at;
        while (begin > 0 && runs.get(begin - 1).generation() == runs.get(at).generation()) {
            begin--;
        }
        return begin;
    }

    /** In how many parts, as a power of two, so much should be taken so that none has more than the most. */
    public static int bitsFor(long bytes, long most) {
        int bits = 0;
        while (bits < Parts.BITS && bytes >>> bits > most) {
            bits++;
        }
        return bits;
    }
}
