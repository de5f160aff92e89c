package io.solstice.exchange.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The literals are part of the format of state on disk: if one must change, the hash is no longer the same hash. */
class KeyHashTest {
    private final BufferAllocator allocator = new RootAllocator();
    private final List<FieldVector> vectors = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        vectors.forEach(FieldVector::close);
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    private <V extends FieldVector> V made(V vector) {
        vectors.add(vector);
        vector.allocateNew();
        return vector;
    }

    private static long[] hash(int rows, FieldVector... keys) {
        for (FieldVector key : keys) {
            key.setValueCount(rows);
        }
        long[] hashes = new long[rows];
        KeyHash.hash(keys, rows, hashes);
        return hashes;
    }

    private BigIntVector longs(long... values) {
        BigIntVector vector = made(new BigIntVector("k", allocator));
        for (int i = 0; i < values.length; i++) {
            vector.setSafe(i, values[i]);
        }
        return vector;
    }

    private VarCharVector texts(String... values) {
        VarCharVector vector = made(new VarCharVector("k", allocator));
        for (int i = 0; i < values.length; i++) {
            vector.setSafe(i, values[i].getBytes(StandardCharsets.UTF_8));
        }
        return vector;
    }

    @Test
    void wholeNumbers() {
        assertThat(hash(6, longs(0, 1, -1, 42, Long.MAX_VALUE, Long.MIN_VALUE)))
                .containsExactly(
                        0x9ca066f1a4ab2eeaL,
                        0x2d0a2cc335cd72a7L,
                        0x54f5f21c97fc8142L,
                        0xeeecc2fa408b8b86L,
                        0x390bb75da97d345dL,
                        0x84239ebd430c4eb8L);
        assertThat(KeyHash.ofLong(42)).isEqualTo(0xeeecc2fa408b8b86L);
    }

    @Test
    void realNumbers() {
        Float8Vector vector = made(new Float8Vector("k", allocator));
        double[] values = {0.0, 1.0, -1.5, Double.NaN, Double.POSITIVE_INFINITY};
        for (int i = 0; i < values.length; i++) {
            vector.setSafe(i, values[i]);
        }
        assertThat(hash(5, vector))
                .containsExactly(
                        0x9ca066f1a4ab2eeaL,
                        0x8949322fdf7b81fdL,
                        0xf5117262e0915799L,
                        0x4f36806a1612bb7fL,
                        0xb4d97475df824decL);
    }

    @Test
    void textsAndBytes() {
        long[] expected = {
            0x9ca066f1a4ab2eeaL, 0xa1c14cec38f00c55L, 0xa71e036c9d9e8bf0L, 0x7b1e89bbf1dd33eaL, 0xe16951af43dd6ee8L
        };
        String[] values = {"", "a", "solstice", "solstices", "grüße"};
        assertThat(hash(5, texts(values))).containsExactly(expected);
        LargeVarCharVector large = made(new LargeVarCharVector("k", allocator));
        ViewVarCharVector view = made(new ViewVarCharVector("k", allocator));
        VarBinaryVector binary = made(new VarBinaryVector("k", allocator));
        for (int i = 0; i < values.length; i++) {
            byte[] bytes = values[i].getBytes(StandardCharsets.UTF_8);
            large.setSafe(i, bytes);
            view.setSafe(i, bytes);
            binary.setSafe(i, bytes);
        }
        assertThat(hash(5, large)).as("large texts").containsExactly(expected);
        assertThat(hash(5, view)).as("text views").containsExactly(expected);
        assertThat(hash(5, binary)).as("binary").containsExactly(expected);
        FixedSizeBinaryVector fixed = made(new FixedSizeBinaryVector("k", allocator, 8));
        fixed.setSafe(0, "solstice".getBytes(StandardCharsets.UTF_8));
        assertThat(hash(1, fixed)).as("fixed-size binary").containsExactly(0xa71e036c9d9e8bf0L);
        VarBinaryVector high = made(new VarBinaryVector("k", allocator));
        high.setSafe(0, new byte[] {(byte) 255, (byte) 254, (byte) 253});
        assertThat(hash(1, high)).as("bytes above 127").containsExactly(0xeee5f3a049a6bd5eL);
    }

    @Test
    void longTextsInViewsHashLikeOthers() {
        String[] texts = {"fits just so", "fits by one n", "a text that is too long to be kept inside of a view"};
        ViewVarCharVector view = made(new ViewVarCharVector("k", allocator));
        for (int i = 0; i < texts.length; i++) {
            view.setSafe(i, texts[i].getBytes(StandardCharsets.UTF_8));
        }
        assertThat(hash(3, view)).isEqualTo(hash(3, texts(texts)));
    }

    @Test
    void nullsTruthsAndDates() {
        long nothing = 0xa79de9ee640adff7L;
        long one = 0x2d0a2cc335cd72a7L;
        BitVector truths = made(new BitVector("k", allocator));
        truths.setSafe(0, 1);
        truths.setNull(1);
        assertThat(hash(2, truths)).containsExactly(one, nothing);
        DateDayVector dates = made(new DateDayVector("k", allocator));
        dates.setSafe(0, 1);
        dates.setNull(1);
        assertThat(hash(2, dates)).containsExactly(one, nothing);
        TimeStampMicroVector times = made(new TimeStampMicroVector("k", allocator));
        times.setSafe(0, 1);
        times.setNull(1);
        assertThat(hash(2, times)).containsExactly(one, nothing);
        NullVector nulls = new NullVector("k");
        assertThat(hash(2, nulls)).containsExactly(nothing, nothing);
    }

    @Test
    void severalColumnsInOrder() {
        assertThat(hash(1, longs(1), texts("a"))).containsExactly(0x9dfaec74663bf63aL);
        assertThat(hash(1, texts("a"), longs(1))).containsExactly(0x920c8dff53449317L);
        assertThat(hash(1)).containsExactly(0x9e3779b97f4a7c15L);
    }

    @Test
    void keyGroupsAreTheTopBits() {
        long[] hashes = hash(4, longs(0, 1, -1, 42));
        int[] groups = new int[hashes.length];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = KeyHash.keyGroup(hashes[i], 128);
        }
        assertThat(groups).containsExactly(78, 22, 42, 119);
    }

    @Test
    void equalNumbersOfDifferentWidthsHashAlike() {
        int[] signed = {0, 1, -1, 100, -128, 127};
        int[] unsigned = {0, 1, 100, 127, 128, 255};
        TinyIntVector tiny = made(new TinyIntVector("k", allocator));
        SmallIntVector small = made(new SmallIntVector("k", allocator));
        IntVector ints = made(new IntVector("k", allocator));
        BigIntVector longs = made(new BigIntVector("k", allocator));
        for (int i = 0; i < signed.length; i++) {
            tiny.setSafe(i, signed[i]);
            small.setSafe(i, signed[i]);
            ints.setSafe(i, signed[i]);
            longs.setSafe(i, signed[i]);
        }
        long[] expected = hash(signed.length, longs);
        assertThat(hash(signed.length, tiny)).isEqualTo(expected);
        assertThat(hash(signed.length, small)).isEqualTo(expected);
        assertThat(hash(signed.length, ints)).isEqualTo(expected);
        UInt1Vector one = made(new UInt1Vector("k", allocator));
        UInt2Vector two = made(new UInt2Vector("k", allocator));
        UInt4Vector four = made(new UInt4Vector("k", allocator));
        UInt8Vector eight = made(new UInt8Vector("k", allocator));
        for (int i = 0; i < unsigned.length; i++) {
            one.setSafe(i, unsigned[i]);
            two.setSafe(i, unsigned[i]);
            four.setSafe(i, unsigned[i]);
            eight.setSafe(i, unsigned[i]);
            longs.setSafe(i, unsigned[i]);
        }
        long[] unsignedExpected = hash(unsigned.length, longs);
        assertThat(hash(unsigned.length, one)).isEqualTo(unsignedExpected);
        assertThat(hash(unsigned.length, two)).isEqualTo(unsignedExpected);
        assertThat(hash(unsigned.length, four)).isEqualTo(unsignedExpected);
        assertThat(hash(unsigned.length, eight)).isEqualTo(unsignedExpected);
    }

    @Test
    void thereIsOneZeroAndOneNotANumberInEveryWidth() {
        Float2Vector half = made(new Float2Vector("k", allocator));
        Float4Vector single = made(new Float4Vector("k", allocator));
        Float8Vector full = made(new Float8Vector("k", allocator));
        float[] values = {0f, -0f, 1.5f, Float.NaN, Float.intBitsToFloat(0x7fc12345)};
        for (int i = 0; i < values.length; i++) {
            half.setSafe(i, Float16.toFloat16(values[i]));
            single.setSafe(i, values[i]);
            full.setSafe(i, (double) values[i]);
        }
        long[] hashes = hash(values.length, full);
        assertThat(hashes[0]).isEqualTo(hashes[1]);
        assertThat(hashes[3]).isEqualTo(hashes[4]);
        assertThat(hash(values.length, single)).isEqualTo(hashes);
        assertThat(hash(values.length, half)).isEqualTo(hashes);
    }

    /** A key must not move to another task because some other row of its batch is null. */
    @Test
    void aNullElsewhereInTheBatchChangesNothing() {
        long[] without = hash(3, longs(7, 8, -9));
        BigIntVector some = longs(7, 8, -9);
        some.setNull(3);
        assertThat(hash(4, some)).startsWith(without);
        TimeStampMicroVector times = made(new TimeStampMicroVector("k", allocator));
        times.setSafe(0, 7);
        times.setNull(1);
        assertThat(hash(2, times)[0]).isEqualTo(without[0]);
        long[] texts = hash(1, texts("x"));
        VarCharVector someTexts = texts("x");
        someTexts.setNull(1);
        assertThat(hash(2, someTexts)).startsWith(texts);
    }

    @Test
    void refusesKeysThatHaveNoValueOfTheirOwn() {
        ListVector list = made(ListVector.empty("tags", allocator));
        SolsticeException refused = catchThrowableOfType(SolsticeException.class, () -> hash(0, list));
        assertThat(refused.code()).isEqualTo(ErrorCode.TYPE_MISMATCH);
        assertThat(refused.error().what()).contains("'tags'");
    }

    @Test
    void everyHashHasAGroupInRangeAndGroupsRiseWithHashes() {
        Random random = new Random(1);
        for (int groups : new int[] {1, 2, 3, 127, 128, 1000, 32_768}) {
            assertThat(KeyHash.keyGroup(0, groups)).isZero();
            assertThat(KeyHash.keyGroup(Long.MAX_VALUE, groups)).isEqualTo((groups - 1) / 2);
            assertThat(KeyHash.keyGroup(Long.MIN_VALUE, groups)).isEqualTo(groups / 2);
            assertThat(KeyHash.keyGroup(-1, groups)).isEqualTo(groups - 1);
            for (int i = 0; i < 10_000; i++) {
                long one = random.nextLong();
                long other = random.nextLong();
                int groupOfOne = KeyHash.keyGroup(one, groups);
                int groupOfOther = KeyHash.keyGroup(other, groups);
                assertThat(groupOfOne).isBetween(0, groups - 1);
                if (Long.compareUnsigned(one, other) < 0) {
                    assertThat(groupOfOne).isLessThanOrEqualTo(groupOfOther);
                }
            }
        }
    }

    /** Chi-squared over the groups of numbers and of texts that differ little. */
    @Test
    void keysSpreadEvenlyOverGroups() {
        for (int groups : new int[] {3, 100, 128, 1000}) {
            int[] ofNumbers = new int[groups];
            int keys = 200_000;
            for (long key = 0; key < keys; key++) {
                ofNumbers[KeyHash.keyGroup(KeyHash.ofLong(key), groups)]++;
            }
            int[] ofTexts = new int[groups];
            int texts = 20_000;
            String[] names = new String[texts];
            for (int i = 0; i < texts; i++) {
                names[i] = "user-" + i;
            }
            for (long hash : hash(texts, texts(names))) {
                ofTexts[KeyHash.keyGroup(hash, groups)]++;
            }
            assertThat(chiSquaredDeviations(ofNumbers, keys))
                    .as("%d groups", groups)
                    .isLessThan(5);
            assertThat(chiSquaredDeviations(ofTexts, texts))
                    .as("%d groups", groups)
                    .isLessThan(5);
        }
    }

    /** By how many standard deviations chi-squared lies above its mean. */
    private static double chiSquaredDeviations(int[] counts, int total) {
        double expected = (double) total / counts.length;
        double chiSquared = 0;
        for (int count : counts) {
            chiSquared += (count - expected) * (count - expected) / expected;
        }
        int freedom = counts.length - 1;
        return (chiSquared - freedom) / Math.sqrt(2.0 * freedom);
    }

    @Test
    void tasksOwnNeighbouringRangesThatDifferByOneGroupAtMost() {
        for (int groups : new int[] {1, 7, 128, 1000}) {
            for (int parallelism = 1; parallelism <= Math.min(groups, 40); parallelism++) {
                int[] owned = new int[parallelism];
                int last = 0;
                for (int group = 0; group < groups; group++) {
                    int task = KeyHash.task(group, groups, parallelism);
                    assertThat(task).isBetween(last, last + 1);
                    owned[task]++;
                    last = task;
                }
                assertThat(Arrays.stream(owned).min().orElseThrow()).isEqualTo(groups / parallelism);
                assertThat(Arrays.stream(owned).max().orElseThrow()).isEqualTo(-Math.floorDiv(-groups, parallelism));
            }
        }
    }
}
