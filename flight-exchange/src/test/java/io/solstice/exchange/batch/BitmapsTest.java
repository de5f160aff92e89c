package io.solstice.exchange.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class BitmapsTest {
    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void everythingIsGivenBack() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    /** Sets of every length, in buffers that end with their last bit, and runs that end where they like. */
    @RepeatedTest(200)
    void chosenBitsComeInOrder(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        int length = 1 + random.nextInt(300);
        BitSet bits = new BitSet();
        for (int i = 0; i < length; i++) {
            bits.set(i, random.nextBoolean());
        }
        Selection selection = new Selection();
        BitSet expected = new BitSet();
        int kept = 0;
        for (int at = 0; at < length; ) {
            int run = Math.min(length - at, 1 + random.nextInt(130));
            if (random.nextBoolean()) {
                selection.addRun(at, run);
                for (int i = 0; i < run; i++) {
                    expected.set(kept++, bits.get(at + i));
                }
            }
            at += run;
        }
        try (ArrowBuf whole = allocator.buffer(64);
                ArrowBuf to = allocator.buffer(64)) {
            ArrowBuf from = whole.slice(0, (length + 7) / 8);
            whole.setOne(0L, 64L);
            for (int i = 0; i < length; i++) {
                int mask = 1 << (i & 7);
                int rest = from.getByte(i >>> 3) & ~mask;
                from.setByte(i >>> 3, bits.get(i) ? rest | mask : rest);
            }
            Bitmaps.gather(from, to, selection);
            byte[] found = new byte[(kept + 7) / 8];
            to.getBytes(0, found);
            assertThat(BitSet.valueOf(found)).isEqualTo(expected);
        }
    }

    @RepeatedTest(50)
    void nullsAreCounted(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        int rows = random.nextInt(200);
        int nulls = 0;
        try (IntVector vector = new IntVector("number", allocator)) {
            vector.allocateNew(rows);
            for (int row = 0; row < rows; row++) {
                if (random.nextBoolean()) {
                    vector.set(row, row);
                } else {
                    vector.setNull(row);
                    nulls++;
                }
            }
            vector.setValueCount(rows);
            assertThat(Bitmaps.nullCount(vector)).isEqualTo(nulls);
        }
    }
}
