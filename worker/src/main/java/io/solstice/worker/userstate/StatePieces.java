package io.solstice.worker.userstate;

import io.solstice.exchange.batch.Batch;
import io.solstice.spi.Incremental.Fresh;
import io.solstice.spi.Incremental.Piece;
import io.solstice.spi.Incremental.Stored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What is written of the state at each cut. The state is divided into {@value KeyTable#PARTS} parts by key. A cut writes
 * the keys that have been changed since its base, and now and then a part as a whole; changes older than the oldest part
 * are needed no more. Parts take turns, and as many are written as let the changes that are still needed stay below a
 * quarter of the state: so no cut writes everything, and a restore reads little more than the state.
 *
 * <p>The idea is that of the log-structured stores; which pieces are needed is decided by the cut that wrote them.
 * Used by the task's thread.
 */
public final class StatePieces {
    /** What each row that has changed pays for the writing of parts: the reciprocal of the quarter. */
    private static final int CREDIT_FOR_CHANGE = 4;
    /** A cut that needs the changes of more cuts than this writes a part. */
    private static final int CHANGES = KeyTable.PARTS;

    private static final int FIRST_ROWS = 1 << 10;

    private static final int ALL_PARTS = -1;
    private static final String PARTS = "solstice.parts";
    private static final String CUT = "solstice.cut";

    private final KeyedStates states;
    private final KeyedStateTables tables;
    private final Sizes sizes;
    /** What new cuts are based on, if anything is. */
    private @Nullable Cut base;
    /** The newest, which may become the base. */
    private @Nullable Cut newest;

    private long credit;
    private double rowBytes;

    private List<Written> loaded = new ArrayList<>();
    private boolean loadedFits = true;

    /**
     * What is small and what is large.
     *
     * @param fewRows a state of no more rows and bytes is written as a whole
     * @param pieceRows a piece ends at so many rows or bytes, and the first one early, since it tells how long rows are
     */
    record Sizes(int fewRows, int fewBytes, int pieceRows, int pieceBytes) {
        static final Sizes DEFAULT = new Sizes(1 << 14, 1 << 20, 1 << 16, 64 << 20);
    }

    /** @param changed the keys that have been changed since */
    private record Cut(long epoch, List<Written> pieces, Set<StateKey> changed) {}

    /**
     * A piece that was given out, or loaded.
     *
     * @param parts that it is all of, or together with the others of its cut, a bit for each; 0 for changes
     * @param cut that wrote it
     */
    private record Written(int parts, long cut) {
        Map<String, String> metadata() {
            return Map.of(PARTS, Integer.toString(parts), CUT, Long.toString(cut));
        }
    }

    public StatePieces(KeyedStates states, KeyedStateTables tables) {
        this(states, tables, Sizes.DEFAULT);
    }

    StatePieces(KeyedStates states, KeyedStateTables tables, Sizes sizes) {
        this.states = states;
        this.tables = tables;
        this.sizes = sizes;
    }

    /** All of the state, of no cut. */
    public List<Batch> whole(BufferAllocator allocator) {
        List<Batch> all = new ArrayList<>();
        Making making = new Making(0, List.of(), allocator);
        making.writeAll();
        making.pieces.forEach(piece -> all.add(((Fresh) piece).table()));
        return all;
    }

    /** As {@link io.solstice.spi.Incremental#pieces} has it. */
    public List<Piece> at(long epoch, long baseEpoch, BufferAllocator allocator) {
        Cut from = basedOn(baseEpoch, states.table().takeChanged());
        Making making = new Making(epoch, from == null ? List.of() : from.pieces(), allocator);
        try {
            make(making, from);
        } catch (RuntimeException | Error failure) {
            making.drop();
            throw failure;
        }
        newest = new Cut(epoch, making.written, new HashSet<>());
        return making.pieces;
    }

    /**
     * A cut between the base and this one has been given up, since there is one checkpoint at a time.
     *
     * @param changed since the newest cut
     */
    private @Nullable Cut basedOn(long epoch, Set<StateKey> changed) {
        Cut last = newest;
        if (last != null && last.epoch() == epoch) {
            base = last;
        }
        Cut from = base;
        if (from != null && from.epoch() == epoch && epoch > 0) {
            from.changed().addAll(changed);
            return from;
        }
        base = null;
        return null;
    }

    private void make(Making making, @Nullable Cut from) {
        if (from == null || isSmall() || from.changed().size() > states.table().size() / 2) {
            making.writeAll();
            credit = 0;
            return;
        }
        making.writeChanges(from.changed());
        credit += (long) from.changed().size() * CREDIT_FOR_CHANGE;
        boolean many = making.changes() > CHANGES;
        int part = making.oldestPart();
        while (making.isBefore(part) && (isPaid(part) || many)) {
            credit = Math.max(0, credit - states.table().part(part).size());
            making.writePart(part);
            many = false;
            part = making.oldestPart();
        }
        making.keepWhatIsNeeded();
    }

    private boolean isSmall() {
        long rows = states.table().size();
        return rows <= sizes.fewRows() && rows * rowBytes <= sizes.fewBytes();
    }

    private boolean isPaid(int part) {
        return credit > 0 && credit >= states.table().part(part).size();
    }

    /** Takes back a piece, or the rows of one that are of this task. */
    public void load(Batch table) {
        Map<String, String> metadata = table.schema().getCustomMetadata();
        String parts = metadata.get(PARTS);
        String cut = metadata.get(CUT);
        int of = parts == null ? 0 : Integer.parseInt(parts);
        boolean single = Integer.bitCount(of) == 1;
        loadedFits &= tables.load(table, single ? Integer.numberOfTrailingZeros(of) : -1);
        loadedFits &= parts != null && cut != null;
        loaded.add(new Written(of, cut == null ? 0 : Long.parseLong(cut)));
    }

    /** What was loaded is what a cut had, as a whole. */
    public void restored(long epoch) {
        if (loadedFits) {
            newest = new Cut(epoch, loaded, new HashSet<>());
        }
        loaded = new ArrayList<>();
    }

    /** The pieces of one cut in the making: those of the base that are still needed, then new ones. */
    private final class Making {
        private final long epoch;
        private final List<Written> base;
        private final BufferAllocator allocator;
        private final List<Piece> pieces = new ArrayList<>();
        private final List<Written> written = new ArrayList<>();

        Making(long epoch, List<Written> base, BufferAllocator allocator) {
            this.epoch = epoch;
            this.base = base;
            this.allocator = allocator;
        }

        void writeAll() {
            if (isSmall()) {
                List<StateKey> keys = new ArrayList<>();
                for (int part = 0; part < KeyTable.PARTS; part++) {
                    states.expire(part);
                    keys.addAll(states.table().part(part).keySet());
                }
                write(ALL_PARTS, keys);
            } else {
                for (int part = 0; part < KeyTable.PARTS; part++) {
                    writePart(part);
                }
            }
        }

        void writePart(int part) {
            states.expire(part);
            write(1 << part, states.table().part(part).keySet());
        }

        void writeChanges(Set<StateKey> keys) {
            write(0, keys);
        }

        private void write(int parts, Collection<StateKey> keys) {
            List<StateKey> all = List.copyOf(keys);
            Written of = new Written(parts, epoch);
            int from = 0;
            // A part without rows has a piece nevertheless, which takes the place of an older one.
            while (from < all.size() || from == 0 && Integer.bitCount(parts) == 1) {
                List<StateKey> some = all.subList(from, (int) Math.min(all.size(), from + pieceRows()));
                Batch table = tables.write(some, of.metadata(), allocator);
                pieces.add(new Fresh(table));
                written.add(of);
                if (parts != 0 && !some.isEmpty()) {
                    rowBytes = (double) table.byteSize() / some.size();
                }
                from += Math.max(1, some.size());
            }
        }

        private long pieceRows() {
            return rowBytes == 0
                    ? Math.min(FIRST_ROWS, sizes.pieceRows())
                    : Math.max(1, Math.min(sizes.pieceRows(), (long) (sizes.pieceBytes() / rowBytes)));
        }

        /** Of how many cuts there are changes. */
        int changes() {
            return (int) base.stream().filter(piece -> piece.parts() == 0).count();
        }

        /** For each part the cut that last wrote it as a whole. */
        private long[] newest() {
            long[] newest = new long[KeyTable.PARTS];
            Arrays.fill(newest, Long.MIN_VALUE);
            base.forEach(piece -> isOf(piece, newest));
            written.forEach(piece -> isOf(piece, newest));
            return newest;
        }

        /** The one that was not written as a whole for the longest time, since it keeps old changes needed. */
        int oldestPart() {
            long[] newest = newest();
            int oldest = 0;
            for (int part = 1; part < KeyTable.PARTS; part++) {
                oldest = newest[part] < newest[oldest] ? part : oldest;
            }
            return oldest;
        }

        /** Whether this cut has not yet written the part. */
        boolean isBefore(int part) {
            return newest()[part] < epoch;
        }

        void keepWhatIsNeeded() {
            long[] newest = newest();
            long oldest = Arrays.stream(newest).min().orElseThrow();
            List<Piece> kept = new ArrayList<>();
            List<Written> keptWritten = new ArrayList<>();
            for (int i = 0; i < base.size(); i++) {
                Written piece = base.get(i);
                boolean needed = piece.parts() == 0 ? piece.cut() > oldest : isNeeded(piece, newest);
                if (needed) {
                    kept.add(new Stored(i));
                    keptWritten.add(piece);
                }
            }
            pieces.addAll(0, kept);
            written.addAll(0, keptWritten);
        }

        private static void isOf(Written piece, long[] newest) {
            for (int part = 0; part < KeyTable.PARTS; part++) {
                if ((piece.parts() >>> part & 1) != 0) {
                    newest[part] = Math.max(newest[part], piece.cut());
                }
            }
        }

        private static boolean isNeeded(Written piece, long[] newest) {
            for (int part = 0; part < KeyTable.PARTS; part++) {
                if ((piece.parts() >>> part & 1) != 0 && newest[part] == piece.cut()) {
                    return true;
                }
            }
            return false;
        }

        void drop() {
            for (Piece piece : pieces) {
                if (piece instanceof Fresh fresh) {
                    fresh.table().close();
                }
            }
        }
    }
}
