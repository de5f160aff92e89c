package io.solstice.worker.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that are one text, of any layout: numbered as a map would, and with the hashes that state on disk is divided by. */
class TextGroupsTest {
    private static final int ROWS = 3_000;
    private static final int BATCHES = 4;

    private final BufferAllocator allocator = new RootAllocator();
    private final Random random = new Random(7);

    @AfterEach
    void nothingStaysAllocated() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    static List<ArrowType> types() {
        return List.of(
                ArrowType.Utf8.INSTANCE,
                ArrowType.Binary.INSTANCE,
                ArrowType.LargeUtf8.INSTANCE,
                ArrowType.LargeBinary.INSTANCE,
                ArrowType.Utf8View.INSTANCE,
                ArrowType.BinaryView.INSTANCE);
    }

    /** Lengths from 0 to 79, among them all that the hash treats in another way; few that differ in the end alone. */
    private @Nullable String text(boolean nulls) {
        if (nulls && random.nextInt(5) == 0) {
            return null;
        }
        int length = random.nextInt(80);
        return "k".repeat(length) + (length % 2 == 0 ? "" : random.nextInt(9));
    }

    private FieldVector vector(Field field, List<@Nullable String> texts) {
        FieldVector vector = field.createVector(allocator);
        vector.setInitialCapacity(texts.size());
        vector.allocateNew();
        for (int row = 0; row < texts.size(); row++) {
            String text = texts.get(row);
            if (text == null) {
                vector.setNull(row);
            } else {
                set(vector, row, text.getBytes(StandardCharsets.UTF_8));
            }
        }
        vector.setValueCount(texts.size());
        return vector;
    }

    private static void set(FieldVector vector, int row, byte[] text) {
        if (vector instanceof BaseVariableWidthViewVector v) {
            v.setSafe(row, text);
        } else if (vector instanceof BaseVariableWidthVector v) {
            v.setSafe(row, text);
        } else {
            ((BaseLargeVariableWidthVector) vector).setSafe(row, text);
        }
    }

    private List<@Nullable String> texts(boolean nulls) {
        List<@Nullable String> texts = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            texts.add(text(nulls));
        }
        return texts;
    }

    @ParameterizedTest
    @MethodSource("types")
    void keysAreNumberedAndHashedAsTheirBytes(ArrowType type) {
        Field field = new Field("key", FieldType.nullable(type), null);
        GroupTable texts = GroupTable.of(List.of(field), 0);
        GroupTable bytes = new BytesGroups(List.of(field), 0);
        assertThat(texts).isInstanceOf(TextGroups.class);
        Map<@Nullable String, Integer> numbers = new LinkedHashMap<>();
        for (int batch = 0; batch < BATCHES; batch++) {
            List<@Nullable String> keys = texts(batch % 2 == 1);
            int[] expected = new int[ROWS];
            for (int row = 0; row < ROWS; row++) {
                Integer known = numbers.putIfAbsent(keys.get(row), numbers.size());
                expected[row] = known == null ? numbers.size() - 1 : known;
            }
            try (FieldVector vector = vector(field, keys)) {
                FieldVector[] columns = {vector};
                int[] found = new int[ROWS];
                texts.find(columns, ROWS, found);
                int before = texts.size();
                assertThat(found)
                        .isEqualTo(Arrays.stream(expected)
                                .map(g -> g < before ? g : -1)
                                .toArray());
                texts.assign(columns, ROWS, found);
                assertThat(found).isEqualTo(expected);
                bytes.assign(columns, ROWS, found);
                assertThat(found).isEqualTo(expected);
                int[] ofTexts = new int[ROWS];
                int[] ofBytes = new int[ROWS];
                texts.hashes(columns, ROWS, ofTexts);
                bytes.hashes(columns, ROWS, ofBytes);
                assertThat(ofTexts).isEqualTo(ofBytes);
            }
        }
        assertThat(texts.size()).isEqualTo(numbers.size()).isGreaterThan(300);
        IntStream.range(0, texts.size())
                .forEach(group -> assertThat(texts.hash(group)).isEqualTo(bytes.hash(group)));
        checkContent(field, texts, new ArrayList<>(numbers.keySet()));
    }

    /** What is kept of the keys comes back, and another table finds them. */
    private void checkContent(Field field, GroupTable texts, List<@Nullable String> keys) {
        int[] all = IntStream.range(0, texts.size()).toArray();
        GroupTable other = GroupTable.of(List.of(field), 0);
        int[] groups = new int[all.length];
        other.assign(texts, all, 0, all.length, groups);
        assertThat(groups).isEqualTo(all);
        try (FieldVector vector = field.createVector(allocator);
                FieldVector expected = vector(field, keys)) {
            vector.setInitialCapacity(all.length);
            vector.allocateNew();
            texts.write(new FieldVector[] {vector}, all, 0, all.length);
            vector.setValueCount(all.length);
            for (int group : all) {
                assertThat(vector.getObject(group)).isEqualTo(expected.getObject(group));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void nothingButNullsIsOneKey(ArrowType type) {
        Field field = new Field("key", FieldType.nullable(type), null);
        GroupTable texts = GroupTable.of(List.of(field), 0);
        List<@Nullable String> keys = new ArrayList<>();
        keys.add(null);
        keys.add(null);
        try (FieldVector vector = vector(field, keys)) {
            int[] groups = new int[2];
            texts.assign(new FieldVector[] {vector}, 2, groups);
            assertThat(groups).containsExactly(0, 0);
        }
        assertThat(texts.size()).isOne();
    }
}
