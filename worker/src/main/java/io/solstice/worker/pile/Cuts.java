package io.solstice.worker.pile;

import io.solstice.exchange.batch.Batch;
import io.solstice.spi.Incremental.Fresh;
import io.solstice.spi.Incremental.Piece;
import io.solstice.spi.Incremental.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which runs each cut has, and which of them are stored. A run never changes, so a cut writes those that are new since
 * its base and names the others. Used by the task's thread.
 */
public final class Cuts {
    private static final long NONE = 0;

    /** What new cuts are based on, if anything is. */
    private @Nullable Cut base;
    /** The newest, which may become the base. */
    private @Nullable Cut newest;

    private List<Long> loaded = new ArrayList<>();

    /** @param indexes among the pieces of the cut, by number of the run */
    private record Cut(long epoch, Map<Long, Integer> indexes) {
        static Cut of(long epoch, List<Long> runs) {
            Map<Long, Integer> indexes = new HashMap<>();
            for (int i = 0; i < runs.size(); i++) {
                if (runs.get(i) != NONE) {
                    indexes.put(runs.get(i), i);
                }
            }
            return new Cut(epoch, indexes);
        }
    }

    /**
     * As {@link io.solstice.spi.Incremental#pieces} has it.
     *
     * @param tables what is in no run, as tables that become the engine's
     */
    public List<Piece> at(long epoch, long baseEpoch, List<Pile> piles, List<Batch> tables) {
        Map<Long, Integer> stored = indexes(baseEpoch);
        List<Piece> pieces = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        for (Pile pile : piles) {
            for (Run run : pile.runs()) {
                Integer index = stored.get(run.number);
                pieces.add(index == null ? new Fresh(run.table().share()) : new Stored(index));
                numbers.add(run.number);
            }
        }
        tables.forEach(table -> pieces.add(new Fresh(table)));
        newest = Cut.of(epoch, numbers);
        return pieces;
    }

    /** All runs, of no cut. */
    public static void copyRuns(List<Pile> piles, List<Batch> tables) {
        piles.forEach(pile -> pile.runs().forEach(run -> tables.add(run.table().share())));
    }

    /** What is stored. A cut between the base and this one has been given up, since there is one checkpoint at a time. */
    private Map<Long, Integer> indexes(long epoch) {
        Cut last = newest;
        if (last != null && last.epoch() == epoch) {
            base = last;
        }
        Cut from = base;
        if (from != null && from.epoch() == epoch && epoch > 0) {
            return from.indexes();
        }
        base = null;
        return Map.of();
    }

    /** A piece was taken back. @param run that it has become as a whole, or 0 */
    public void loaded(long run) {
        loaded.add(run);
    }

    /** What was loaded is what a cut had, as a whole. */
    public void restored(long epoch) {
        newest = Cut.of(epoch, loaded);
        loaded = new ArrayList<>();
    }
}
