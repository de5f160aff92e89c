package io.solstice.connector.lance;

import static io.solstice.connector.lance.Lab.INT64;
import static io.solstice.connector.lance.Lab.TEXT;
import static io.solstice.connector.lance.Lab.field;
import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.sink.LanceSink;
import io.solstice.api.source.LanceTableSource;
import io.solstice.api.source.SourceReader;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.PushdownSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lance.Dataset;

class TableSourceTest {
    static final Schema SCHEMA = Lab.schema(field("id", INT64), field("name", TEXT));

    @TempDir
    Path folder;

    private final Lab lab = new Lab();
    private String path = "";

    @BeforeEach
    void makeTable() throws Exception {
        path = folder.resolve("t.lance").toString();
        lab.write(LanceSink.of(path), "one", rows(0, 1000));
        lab.write(LanceSink.of(path), "two", rows(1000, 10));
    }

    @AfterEach
    void leavesNoMemory() {
        lab.close();
    }

    private Batch rows(int from, int count) {
        return numbered(lab, from, count);
    }

    static Batch numbered(Lab lab, int from, int count) {
        return lab.batch(SCHEMA, count, (root, row) -> {
            ((BigIntVector) root.getVector("id")).setSafe(row, from + row);
            ((VarCharVector) root.getVector("name"))
                    .setSafe(row, ("n" + (from + row)).getBytes(StandardCharsets.UTF_8));
        });
    }

    @Test
    void splitsAreTheFragmentsOfTheVersion() throws Exception {
        try (PushdownSource source = Lab.connector().source(LanceTableSource.of(path))) {
            assertThat(source.splits())
                    .extracting(Split::id, Split::rows)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(path + "@2#0", 1000L),
                            org.assertj.core.groups.Tuple.tuple(path + "@2#1", 10L));
        }
    }

    @Test
    void deletedRowsAreNeitherCountedNorRead() throws Exception {
        try (RootAllocator memory = new RootAllocator();
                Dataset table = Dataset.open().allocator(memory).uri(path).build()) {
            table.delete("id >= 990");
        }
        try (PushdownSource source = Lab.connector().source(LanceTableSource.of(path))) {
            List<Split> splits = source.splits();
            assertThat(splits).extracting(Split::rows).containsExactly(990L);
            assertThat(lab.read(source, splits.get(0), 985)).hasSize(5).last().isEqualTo(List.of("989", "n989"));
        }
    }

    @Test
    void readsTheColumnsAskedForInTheirOrder() throws Exception {
        LanceTableSource definition = LanceTableSource.of(path).columns("name", "id");
        assertThat(lab.read(definition).get(3)).isEqualTo(List.of("n3", "3"));
        try (PushdownSource source =
                Lab.connector().source(LanceTableSource.of(path).columns("name"))) {
            assertThat(source.schema().getFields()).extracting(Field::getName).containsExactly("name");
        }
    }

    @Test
    void cutsRowsIntoBatchesOfTheSizeAskedFor() throws Exception {
        try (PushdownSource source =
                        Lab.connector().source(LanceTableSource.of(path).batchSize(300));
                SourceReader reader = source.open(source.splits().get(0), 0, lab.sourceContext())) {
            for (int expected : new int[] {300, 300, 300, 100}) {
                try (Batch batch = reader.read()) {
                    assertThat(batch).isNotNull();
                    assertThat(batch.rowCount()).isEqualTo(expected);
                    assertThat(batch.schema()).isEqualTo(source.schema());
                }
            }
            assertThat(reader.read()).isNull();
        }
    }

    @Test
    void goesOnAfterTheRowsReadBefore() throws Exception {
        LanceTableSource filtered = LanceTableSource.of(path).filter("id % 2 = 0");
        for (LanceTableSource definition : List.of(LanceTableSource.of(path), filtered)) {
            try (PushdownSource source = Lab.connector().source(definition)) {
                Split split = source.splits().get(0);
                List<List<String>> all = lab.read(source, split, 0);
                for (int position = 0; position <= all.size(); position += 1 + position / 8) {
                    assertThat(lab.read(source, split, position))
                            .as("%s from %d", definition.config(), position)
                            .isEqualTo(all.subList(position, all.size()));
                }
                assertThat(lab.read(source, split, all.size())).isEmpty();
            }
        }
    }

    @Test
    void wideRowsAreReadInSeveralScans() throws Exception {
        Schema wide = Lab.schema(
                field("id", INT64),
                field(
                        "embedding",
                        new ArrowType.FixedSizeList(20_000),
                        field("item", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE))));
        String target = folder.resolve("wide.lance").toString();
        Batch batch = lab.batch(wide, 2000, (root, row) -> ((BigIntVector) root.getVector("id")).setSafe(row, row));
        lab.write(LanceSink.of(target), "wide", batch);
        try (PushdownSource source =
                Lab.connector().source(LanceTableSource.of(target).batchSize(64))) {
            Split split = source.splits().get(0);
            long next = 1000;
            try (SourceReader reader = source.open(split, next, lab.sourceContext())) {
                for (Batch read = reader.read(); read != null; read = reader.read()) {
                    try (Batch open = read) {
                        assertThat(open.column("id").getObject(0)).isEqualTo(next);
                        next += open.rowCount();
                    }
                }
            }
            assertThat(next).isEqualTo(2000);
        }
    }

    @Test
    void keepsTheVersionOfTheSplitsWhileTheTableChanges() throws Exception {
        LanceTableSource definition = LanceTableSource.of(path);
        try (PushdownSource planner = Lab.connector().source(definition);
                PushdownSource task = Lab.connector().source(definition)) {
            List<Split> splits = planner.splits();
            lab.write(LanceSink.of(path), "three", rows(2000, 5));
            assertThat(planner.splits()).isEqualTo(splits);
            Schema other = Lab.schema(field("other", TEXT));
            lab.write(LanceSink.of(path).mode("overwrite"), "four", lab.batch(other, 1, (root, row) -> {}));
            assertThat(lab.read(task, splits.get(0), 0)).hasSize(1000);
            assertThat(lab.read(task, splits.get(1), 0)).hasSize(10).first().isEqualTo(List.of("1000", "n1000"));
        }
        assertThat(lab.read(definition)).hasSize(1);
        assertThat(lab.read(definition.version(1))).hasSize(1000);
    }

    @Test
    void anEmptyTableHasASchemaAndNoSplits() throws Exception {
        String empty = folder.resolve("empty.lance").toString();
        LanceTables.create(Path.of(empty), SCHEMA, List.<Batch>of().iterator());
        try (PushdownSource source = Lab.connector().source(LanceTableSource.of(empty))) {
            assertThat(source.schema()).isEqualTo(SCHEMA);
            assertThat(source.splits()).isEmpty();
        }
    }

    @Test
    void aReaderClosedHalfwayLeavesNothing() throws Exception {
        try (PushdownSource source =
                        Lab.connector().source(LanceTableSource.of(path).batchSize(10));
                SourceReader reader = source.open(source.splits().get(0), 0, lab.sourceContext());
                Batch first = reader.read()) {
            assertThat(first).isNotNull();
        }
    }

    @Test
    void decodesDictionaries() throws Exception {
        Path table = folder.resolve("dictionary.lance");
        DictionaryTable.write(table, lab.memory(), List.of("red", "green"), 1, 0, -1, 1);
        LanceTableSource definition = LanceTableSource.of(table.toString());
        try (PushdownSource source = Lab.connector().source(definition)) {
            assertThat(source.schema()).isEqualTo(Lab.schema(field("c", TEXT)));
        }
        assertThat(lab.read(definition))
                .isEqualTo(List.of(List.of("green"), List.of("red"), List.of("null"), List.of("green")));
    }
}
