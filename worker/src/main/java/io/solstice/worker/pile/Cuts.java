package io.solstice.worker.pile;

import io.solstice.exchange.batch.Batch;
import io.solstice.spi.Incremental.Fresh;
import io.solstice.spi.Incremental.Piece;
import io.solstice.spi.Incremental.Stored;
import io.solstice.worker.piece.PieceNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which pieces each cut has, and which of them are stored. A run never changes, so a cut writes those that are new since
 * its base and names the others; small ones of several piles are one piece. Used by the task's thread.
 */
public final class Cuts {
    /** When there are more small pieces than these, some of them become larger ones. */
    private static final int SMALL_PIECES = 64;

    private final PieceNames names = new PieceNames();

    private List<@Nullable RunPiece> loaded = new ArrayList<>();

    /**
     * As {@link io.solstice.spi.Incremental#pieces} has it.
     *
     * @param tables what is in no run, as tables that become the engine's
     */
    public List<Piece> at(long epoch, long baseEpoch, Piles piles, List<? extends RunOwner> all, List<Batch> tables) {
        Map<Object, Integer> stored = names.stored(baseEpoch);
        List<RunPiece> runs = pieces(piles, all);
        List<Piece> pieces = new ArrayList<>();
        try {
            for (RunPiece piece : runs) {
                Integer index = stored.get(piece.number());
                pieces.add(index == null ? new Fresh(piece.table(piles.memory())) : new Stored(index));
            }
        } catch (RuntimeException | Error failure) {
            for (Piece piece : pieces) {
                if (piece instanceof Fresh fresh) {
                    fresh.table().close();
                }
            }
            tables.forEach(Batch::close);
            throw failure;
        }
        tables.forEach(table -> pieces.add(new Fresh(table)));
        named(epoch, runs);
        return pieces;
    }

    /** All runs in pieces, in the order in which they are to be loaded. */
    private static List<RunPiece> pieces(Piles piles, List<? extends RunOwner> all) {
        List<RunPiece> pieces = new ArrayList<>();
        List<Run> single = new ArrayList<>();
        mergeSmall(all, piles.sizes().pieceRows() / 2);
        for (RunOwner pile : all) {
            for (Run run : pile.runs()) {
                RunPiece known = run.piece();
                if (known != null && known.isValid()) {
                    if (known.first() == run) {
                        pieces.add(known);
                    }
                } else if (pile.isJoined() && pile.runs().size() == 1) {
                    single.add(run);
                } else {
                    pieces.add(new RunPiece(run.number, List.of(run)));
                }
            }
        }
        join(single, piles, pieces);
        // In each pile the runs are in the order of their numbers.
        pieces.sort(Comparator.comparingLong(RunPiece::number));
        return pieces;
    }

    /** Lets small pieces be joined anew if there are many. */
    private static void mergeSmall(List<? extends RunOwner> all, int rows) {
        List<RunPiece> small = new ArrayList<>();
        for (RunOwner pile : all) {
            RunPiece piece = pile.runs().size() == 1 && pile.isJoined()
                    ? pile.runs().get(0).piece()
                    : null;
            if (piece != null && piece.isValid() && piece.first() == pile.runs().get(0) && piece.rows() < rows) {
                small.add(piece);
            }
        }
        if (small.size() > SMALL_PIECES) {
            small.subList(0, SMALL_PIECES / 2).forEach(RunPiece::dissolve);
        }
    }

    private static void join(List<Run> single, Piles piles, List<RunPiece> pieces) {
        List<Run> open = new ArrayList<>();
        long rows = 0;
        long bytes = 0;
        for (Run run : single) {
            boolean full = rows + run.rows() > piles.sizes().pieceRows()
                    || bytes + run.table().byteSize() > piles.runBytes();
            if (!open.isEmpty() && (full || !RunPiece.canJoin(open.get(0), run))) {
                pieces.add(new RunPiece(piles.nextRun(), open));
                open = new ArrayList<>();
                rows = 0;
                bytes = 0;
            }
            open.add(run);
            rows += run.rows();
            bytes += run.table().byteSize();
        }
        if (!open.isEmpty()) {
            pieces.add(new RunPiece(piles.nextRun(), open));
        }
    }

    /** All runs, of no cut. */
    public static void copyRuns(List<? extends RunOwner> piles, List<Batch> tables) {
        piles.forEach(pile -> pile.runs().forEach(run -> tables.add(run.table().share())));
    }

    private void named(long epoch, List<? extends @Nullable RunPiece> pieces) {
        List<@Nullable Object> numbers = new ArrayList<>();
        for (RunPiece piece : pieces) {
            numbers.add(piece == null ? null : piece.number());
        }
        names.cut(epoch, numbers);
    }

    /** A table was taken back, and became these runs, or none if some of its rows are in no run. */
    public void loaded(Piles piles, List<Run> runs) {
        if (runs.isEmpty()) {
            loaded.add(null);
        } else {
            loaded.add(new RunPiece(runs.size() == 1 ? runs.get(0).number : piles.nextRun(), runs));
        }
    }

    /** What was loaded is what a cut had, as a whole. */
    public void restored(long epoch) {
        named(epoch, loaded);
        loaded = new ArrayList<>();
    }
}
