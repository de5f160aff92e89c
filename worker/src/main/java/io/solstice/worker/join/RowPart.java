package io.solstice.worker.join;

import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.partition.KeyHash;
import io.solstice.worker.overflow.Overflow;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/** Some rows of a {@link RowTable}, one behind the other, which owns it. */
final class RowPart {
    private static final int SAMPLE = 64;

    Batch batch;
    final int first;
    int live;
    long earliest;
    boolean open = true;
    boolean inFile;

    RowPart(Batch batch, int first) {
        this.batch = batch;
        this.first = first;
        this.live = batch.rowCount();
    }

    int rows() {
        return batch.rowCount();
    }

    long bytes() {
        return open ? batch.byteSize() : 0;
    }

    void close() {
        if (open) {
            open = false;
            batch.close();
        }
    }

    /** About how many bytes a row of some parts has. */
    static long rowBytes(List<RowPart> parts) {
        long bytes = 0;
        long rows = 0;
        for (int i = 0; i < Math.min(parts.size(), SAMPLE); i++) {
            bytes += parts.get(i).bytes();
            rows += parts.get(i).rows();
        }
        return bytes / Math.max(1, rows);
    }

    /** The earliest moment of any row; {@link Long#MAX_VALUE} if there is none. */
    static long earliest(List<RowPart> parts) {
        long earliest = Long.MAX_VALUE;
        for (RowPart part : parts) {
            if (part.live > 0) {
                earliest = Math.min(earliest, part.earliest);
            }
        }
        return earliest;
    }

    /** How many rows of some are there; rows are looked at one by one only at the edges. */
    static int count(List<RowPart> parts, int from, int to, IntPredicate isThere) {
        int count = 0;
        for (RowPart part : parts) {
            int end = part.first + part.rows();
            if (part.live == 0 || end <= from || part.first >= to) {
                continue;
            }
            if (from <= part.first && end <= to) {
                count += part.live;
                continue;
            }
            for (int row = Math.max(from, part.first); row < Math.min(to, end); row++) {
                count += isThere.test(row) ? 1 : 0;
            }
        }
        return count;
    }

    /** The rows that are there by hash, as {@link RowTable#sortedByHash} says. @param live how many they are */
    static long[] sortedByHash(List<RowPart> parts, JoinSide side, int live, IntPredicate isThere) {
        long[] sorted = new long[live];
        int count = 0;
        long[] hashes = new long[JoinedRows.ROWS];
        for (RowPart part : parts) {
            if (part.live == 0) {
                continue;
            }
            hashes = hashes.length < part.rows() ? new long[part.rows()] : hashes;
            KeyHash.hash(side.keys(part.batch), part.rows(), hashes);
            for (int i = 0; i < part.rows(); i++) {
                int row = part.first + i;
                if (isThere.test(row)) {
                    sorted[count++] = hashes[i] << 32 | row;
                }
            }
        }
        Arrays.sort(sorted);
        return sorted;
    }

    /** Moves to files those that are not there, if it is worth one. */
    static void move(List<RowPart> parts, Overflow overflow) {
        List<RowPart> moving =
                parts.stream().filter(part -> part.open && !part.inFile).toList();
        if (moving.stream().mapToLong(RowPart::bytes).sum() < Overflow.LEAST_BYTES) {
            return;
        }
        List<Batch> copies =
                overflow.copies(moving.stream().map(part -> part.batch).toList());
        for (int i = 0; i < copies.size(); i++) {
            RowPart part = moving.get(i);
            part.batch.close();
            part.batch = copies.get(i);
            part.inFile = true;
        }
    }
}
