package io.solstice.exchange.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private static List<Integer> rows(Selection selection) {
        List<Integer> rows = new ArrayList<>();
        for (int run = 0; run < selection.runCount(); run++) {
            for (int i = 0; i < selection.length(run); i++) {
                rows.add(selection.start(run) + i);
            }
        }
        assertThat(selection.rowCount()).isEqualTo(rows.size());
        return rows;
    }

    @Test
    void joinsNeighbours() {
        Selection selection = new Selection();
        selection.add(3);
        selection.add(4);
        selection.addRun(5, 2);
        selection.addRun(9, 1);
        assertThat(selection.runCount()).isEqualTo(2);
        assertThat(rows(selection)).containsExactly(3, 4, 5, 6, 9);
        selection.clear();
        assertThat(rows(selection)).isEmpty();
    }

    @Test
    void growsBeyondItsFirstSize() {
        Selection selection = new Selection();
        for (int row = 0; row < 1000; row += 2) {
            selection.add(row);
        }
        assertThat(selection.runCount()).isEqualTo(500);
        assertThat(rows(selection)).hasSize(500).isSorted();
    }

    /** Every stretch of ones in 200 bits, so that each begins and ends at each place of a word. */
    @Test
    void findsEveryStretchInABitmap() {
        Selection selection = new Selection();
        try (BufferAllocator allocator = new RootAllocator();
                ArrowBuf bitmap = allocator.buffer(32)) {
            for (int from = 0; from < 200; from++) {
                for (int to = from; to <= 200; to++) {
                    BitSet bits = new BitSet();
                    bits.set(from, to);
                    write(bitmap, bits);
                    selection.fromBitmap(bitmap.memoryAddress(), 200);
                    assertThat(selection.rowCount()).isEqualTo(to - from);
                    for (int run = 0, next = from; run < selection.runCount(); run++) {
                        assertThat(selection.start(run)).isEqualTo(next);
                        next += selection.length(run);
                    }
                }
            }
        }
    }

    @Test
    void agreesWithANaiveLoopOnRandomBitmapsOfEveryLength() {
        Selection selection = new Selection();
        Random random = new Random(7);
        try (BufferAllocator allocator = new RootAllocator();
                ArrowBuf bitmap = allocator.buffer(64)) {
            for (int length = 0; length <= 300; length++) {
                for (int density = 0; density <= 4; density++) {
                    BitSet bits = new BitSet();
                    for (int i = 0; i < 512; i++) {
                        bits.set(i, random.nextInt(4) < density);
                    }
                    write(bitmap, bits);
                    selection.fromBitmap(bitmap.memoryAddress(), length);
                    List<Integer> expected = bits.stream().limit(512).boxed().toList();
                    int end = length;
                    assertThat(rows(selection))
                            .as("%d bits, density %d", length, density)
                            .isEqualTo(
                                    expected.stream().filter(row -> row < end).toList());
                }
            }
        }
    }

    private static void write(ArrowBuf bitmap, BitSet bits) {
        bitmap.setZero(0, bitmap.capacity());
        bitmap.setBytes(0, bits.toByteArray());
    }
}
