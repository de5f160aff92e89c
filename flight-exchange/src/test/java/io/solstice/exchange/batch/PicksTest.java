package io.solstice.exchange.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PicksTest {
    private static final int SEEDS = 400;

    @Test
    void pickedRowsHaveTheirValuesWhateverTheirTypes() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            try (BufferAllocator allocator = new RootAllocator()) {
                RandomBatches batches = new RandomBatches(random, allocator);
                Schema schema = batches.schema(1 + random.nextInt(5));
                List<Batch> sources = new ArrayList<>();
                try {
                    for (int s = random.nextInt(3); s >= 0; s--) {
                        sources.add(batches.batch(schema, random.nextInt(100)));
                    }
                    check(sources, schema, random, allocator);
                } finally {
                    sources.forEach(Batch::close);
                }
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("seed " + seed, failure);
            }
        }
    }

    private static void check(List<Batch> sources, Schema schema, Random random, BufferAllocator allocator) {
        Picks picks = new Picks();
        List<int[]> chosen = new ArrayList<>();
        boolean missing = random.nextBoolean();
        for (int i = random.nextInt(200); i > 0; i--) {
            int source = random.nextInt(sources.size());
            int rows = sources.get(source).rowCount();
            if (missing && random.nextInt(4) == 0 || rows == 0) {
                picks.addMissing();
                chosen.add(new int[0]);
            } else {
                int row = random.nextInt(rows);
                picks.add(source, row);
                chosen.add(new int[] {source, row});
            }
        }
        for (int c = 0; c < schema.getFields().size(); c++) {
            int column = c;
            Field field = schema.getFields().get(c);
            if (field.getType() instanceof ArrowType.Union) {
                continue;
            }
            List<FieldVector> from =
                    sources.stream().map(batch -> batch.column(column)).toList();
            try (FieldVector picked = picks.column(from, field, allocator)) {
                assertThat(picked.getValueCount()).isEqualTo(chosen.size());
                for (int i = 0; i < chosen.size(); i++) {
                    int[] pick = chosen.get(i);
                    assertThat(text(picked.getObject(i)))
                            .as("%s row %s", field, i)
                            .isEqualTo(
                                    pick.length == 0
                                            ? text(null)
                                            : text(from.get(pick[0]).getObject(pick[1])));
                }
            }
        }
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes ? java.util.Arrays.toString(bytes) : String.valueOf(value);
    }

    @Test
    void textViewsOfSeveralBatchesArePicked() {
        Random random = new Random(3);
        List<@Nullable String> one = new ArrayList<>(TextViews.random(random, 60, 0.2));
        List<@Nullable String> other = new ArrayList<>(TextViews.random(random, 40, 0));
        Field field = new Field("v", FieldType.nullable(ArrowType.Utf8View.INSTANCE), null);
        try (BufferAllocator allocator = new RootAllocator();
                ViewVarCharVector first = TextViews.of(allocator, one);
                ViewVarCharVector second = TextViews.of(allocator, other)) {
            Picks picks = new Picks();
            List<@Nullable String> expected = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                int row = random.nextInt(40);
                switch (i % 3) {
                    case 0 -> picks.addMissing();
                    case 1 -> picks.add(0, row);
                    default -> picks.add(1, row);
                }
                expected.add(i % 3 == 0 ? null : (i % 3 == 1 ? one : other).get(row));
            }
            try (FieldVector to = picks.column(List.of(first, second), field, allocator)) {
                for (int i = 0; i < 300; i++) {
                    assertThat(text(to.getObject(i))).isEqualTo(String.valueOf(expected.get(i)));
                }
            }
        }
    }

    @Test
    void largeTextsArePicked() {
        Field field = new Field("v", FieldType.nullable(ArrowType.LargeUtf8.INSTANCE), null);
        try (BufferAllocator allocator = new RootAllocator();
                LargeVarCharVector large = new LargeVarCharVector("v", allocator)) {
            large.allocateNew();
            for (int i = 0; i < 40; i++) {
                large.setSafe(i, "x".repeat(i).getBytes(StandardCharsets.UTF_8));
            }
            large.setValueCount(40);
            Picks picks = new Picks();
            for (int i = 39; i >= 0; i--) {
                picks.addMissing();
                picks.add(0, i);
            }
            try (FieldVector to = picks.column(List.of(large), field, allocator)) {
                for (int i = 0; i < 40; i++) {
                    assertThat(to.isNull(2 * i)).isTrue();
                    assertThat(text(to.getObject(2 * i + 1))).isEqualTo("x".repeat(39 - i));
                }
            }
        }
    }

    @Test
    void whatOneSideMissesIsTakenFromTheOther() {
        Picks one = new Picks();
        one.add(0, 5);
        one.addMissing();
        one.addMissing();
        Picks other = new Picks();
        other.add(0, 1);
        other.add(1, 2);
        other.addMissing();
        Picks both = one.orElse(other, 1);
        assertThat(both.count()).isEqualTo(3);
        assertThat(both.isMissing(1)).isFalse();
        assertThat(both.isMissing(2)).isTrue();
    }
}
