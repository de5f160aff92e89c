package io.solstice.worker.piece;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which pieces each cut has, by names that their owner gives, and which of them are stored: the base of
 * {@link io.solstice.spi.Incremental#pieces} is the newest cut or the base before it, since there is one checkpoint at a
 * time. Used by the task's thread.
 */
public final class PieceNames {
    /** What new cuts are based on, if anything is. */
    private @Nullable Cut base;
    /** The newest, which may become the base. */
    private @Nullable Cut newest;

    /** @param indexes among the pieces of the cut */
    private record Cut(long epoch, Map<Object, Integer> indexes) {}

    /**
     * The pieces that are stored, by name, with their indexes in the base. A cut between the base and this one has been
     * given up.
     *
     * @param epoch of the base, or 0 for none
     */
    public Map<Object, Integer> stored(long epoch) {
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

    /** The pieces of a cut, by name, with their indexes in it; none if it is not known any more. */
    public Map<Object, Integer> of(long epoch) {
        for (Cut cut : new @Nullable Cut[] {newest, base}) {
            if (cut != null && cut.epoch() == epoch) {
                return cut.indexes();
            }
        }
        return Map.of();
    }

    /** @param names of all pieces of the cut, in order; null for one that is never named again */
    public void cut(long epoch, List<? extends @Nullable Object> names) {
        Map<Object, Integer> indexes = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            Object name = names.get(i);
            if (name != null) {
                indexes.put(name, i);
            }
        }
        newest = new Cut(epoch, indexes);
    }
}
