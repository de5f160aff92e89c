package io.solstice.worker.join;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The tables in which checkpoints have rows that never change: each has a stretch of them, and may have rows besides that
 * are gone by now, since nobody is harmed if they come back. A cut writes the rows that have come since, together with
 * those of the last tables if they are not much larger, so that a row is written a few times and there are few tables;
 * and anew those of which most rows are gone. Used by the task's thread.
 */
final class RowPieces {
    private List<Piece> pieces = new ArrayList<>();

    /** A table; by itself it is the name. */
    private static final class Piece {
        private int first;
        private int end;
        /** How many rows it has. */
        private final int rows;

        Piece(int first, int end, int rows) {
            this.first = first;
            this.end = end;
            this.rows = rows;
        }
    }

    /** Adds the rows to a checkpoint. */
    void save(NumberedRows rows, SavedRows.Shape shape, Saving into) {
        List<Piece> staying = new ArrayList<>();
        for (Piece piece : pieces) {
            int there = rows.count(piece.first, piece.end);
            if (into.isStored(piece) && there > 0 && 2 * there >= piece.rows) {
                staying.add(piece);
            }
        }
        mergeTail(rows, staying);
        List<Piece> now = new ArrayList<>();
        int written = 0;
        for (Piece piece : staying) {
            write(rows, written, piece.first, shape, into, now);
            into.addStored(piece);
            now.add(piece);
            written = piece.end;
        }
        write(rows, written, rows.size(), shape, into, now);
        pieces = now;
    }

    /** Takes the last tables out of those that stay if what is to be written behind them is not much less. */
    private static void mergeTail(NumberedRows rows, List<Piece> staying) {
        int last = staying.size() - 1;
        long tail = rows.count(last < 0 ? 0 : staying.get(last).end, rows.size());
        while (last >= 0 && staying.get(last).rows <= 2 * tail && staying.get(last).rows + tail <= SavedRows.ROWS) {
            tail += staying.remove(last).rows;
            last--;
        }
    }

    private static void write(
            NumberedRows rows, int from, int to, SavedRows.Shape shape, Saving into, List<Piece> now) {
        int[] reached = {from, from};
        SavedRows saved = new SavedRows(shape, table -> {
            Piece piece = new Piece(reached[0], reached[1], table.rowCount());
            into.add(piece, table);
            now.add(piece);
            reached[0] = reached[1];
        });
        for (int row = from; row < to; row++) {
            reached[1] = row + 1;
            if (rows.isThere(row)) {
                rows.save(row, saved);
            }
        }
        saved.end();
    }

    /** Rows that were taken back from a table, as a whole. @return the name of the table */
    Object loaded(int first, int end) {
        Piece piece = new Piece(first, end, end - first);
        pieces.add(piece);
        return piece;
    }

    /** Names of tables that have all rows that there are; null if some are in none. */
    @Nullable
    List<Object> names(int size) {
        int covered = 0;
        for (Piece piece : pieces) {
            if (piece.first > covered) {
                return null;
            }
            covered = piece.end;
        }
        return covered < size ? null : List.copyOf(pieces);
    }

    /** Of all rows only those that are there are left, and have the next numbers from 0 on. */
    void renumber(int size, IntPredicate isThere) {
        int row = 0;
        int number = 0;
        for (Piece piece : pieces) {
            for (; row < piece.first; row++) {
                number += isThere.test(row) ? 1 : 0;
            }
            piece.first = number;
            for (; row < Math.min(piece.end, size); row++) {
                number += isThere.test(row) ? 1 : 0;
            }
            piece.end = number;
        }
    }
}
