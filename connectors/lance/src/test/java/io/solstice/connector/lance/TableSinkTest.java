package io.solstice.connector.lance;

import static io.solstice.connector.lance.Lab.INT64;
import static io.solstice.connector.lance.Lab.TEXT;
import static io.solstice.connector.lance.Lab.field;
import static io.solstice.connector.lance.TableSourceTest.SCHEMA;
import static io.solstice.connector.lance.TableSourceTest.numbered;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.sink.LanceSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkWriter;
import io.solstice.api.source.LanceTableSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lance.Dataset;

class TableSinkTest {
    @TempDir
    Path folder;

    private final Lab lab = new Lab();

    private Path table() {
        return folder.resolve("t.lance");
    }

    private LanceSink appending() {
        return LanceSink.of(table().toString()).bufferSize(10);
    }

    private LanceSink overwriting() {
        return appending().mode("overwrite");
    }

    private List<Long> ids() throws Exception {
        return lab.read(LanceTableSource.of(table().toString()).columns("id")).stream()
                .map(row -> Long.valueOf(row.get(0)))
                .sorted()
                .toList();
    }

    private static List<Long> range(int from, int to) {
        return IntStream.range(from, to).mapToObj(Long::valueOf).toList();
    }

    private Committable sealed(Sink sink, String run, int task, Batch... batches) throws Exception {
        return requireNonNull(lab.seal(sink, run, task, batches));
    }

    private List<Path> files() throws Exception {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> !path.equals(folder)).sorted().toList();
        }
    }

    @AfterEach
    void leavesNoMemoryAndNoThread() {
        lab.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("lance-job"));
    }

    @Test
    void allTasksBecomeOneVersion() throws Exception {
        for (LanceSink definition : List.of(appending(), appending(), overwriting())) {
            long before = Files.exists(table()) ? LanceTables.version(table()) : 0;
            String run = "run" + before;
            try (Sink sink = Lab.connector().sink(definition)) {
                sink.validate(SCHEMA, 3, true);
                List<Committable> all = List.of(
                        sealed(sink, run, 0, numbered(lab, 0, 20), numbered(lab, 20, 3)),
                        sealed(sink, run, 1, numbered(lab, 23, 10)),
                        sealed(sink, run, 2, numbered(lab, 33, 10_000)));
                if (before == 0) {
                    assertThat(table().resolve("_versions")).doesNotExist();
                } else {
                    assertThat(LanceTables.version(table())).isEqualTo(before);
                }
                sink.commit(all, Lab.last(run));
            }
            assertThat(LanceTables.version(table())).isEqualTo(before + 1);
        }
        assertThat(ids()).isEqualTo(range(0, 10_033));
    }

    @Test
    void committingAgainChangesNothing() throws Exception {
        for (LanceSink definition : List.of(appending(), appending(), overwriting())) {
            String run = "run" + files().size();
            try (Sink sink = Lab.connector().sink(definition)) {
                List<Committable> all = List.of(sealed(sink, run, 0, numbered(lab, 0, 5)));
                sink.commit(all, Lab.last(run));
                lab.write(appending(), run + "-other", numbered(lab, 100, 1));
                long version = LanceTables.version(table());
                List<Long> rows = ids();
                try (Sink recovered = Lab.connector().sink(definition)) {
                    recovered.commit(all, Lab.last(run));
                    recovered.discard(all);
                }
                assertThat(LanceTables.version(table())).isEqualTo(version);
                assertThat(ids()).isEqualTo(rows);
            }
        }
    }

    @Test
    void anAppendGoesOnTopOfWhatOthersAppended() throws Exception {
        lab.write(appending(), "one", numbered(lab, 0, 5));
        try (Sink sink = Lab.connector().sink(appending())) {
            List<Committable> all = List.of(sealed(sink, "two", 0, numbered(lab, 5, 5)));
            lab.write(appending(), "three", numbered(lab, 10, 5));
            sink.commit(all, Lab.last("two"));
        }
        assertThat(ids()).isEqualTo(range(0, 15));
    }

    @Test
    void anAppendIsRefusedWhenTheTableWasOverwrittenMeanwhile() throws Exception {
        lab.write(appending(), "one", numbered(lab, 0, 5));
        try (Sink sink = Lab.connector().sink(appending())) {
            List<Committable> all = List.of(sealed(sink, "two", 0, numbered(lab, 5, 5)));
            lab.write(overwriting(), "three", numbered(lab, 10, 5));
            assertThatThrownBy(() -> sink.commit(all, Lab.last("two")))
                    .isInstanceOfSatisfying(
                            SolsticeException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.COMMIT_FAILED));
            sink.discard(all);
        }
        assertThat(ids()).isEqualTo(range(10, 15));
    }

    @Test
    void twoThatMakeTheTableAtOnceBothKeepTheirRows() throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try (Sink sink = Lab.connector().sink(appending())) {
            List<Callable<Boolean>> commits = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                String run = "run" + i;
                List<Committable> all = List.of(sealed(sink, run, 0, numbered(lab, i * 5, 5)));
                commits.add(() -> {
                    sink.commit(all, Lab.last(run));
                    return true;
                });
            }
            for (var done : two.invokeAll(commits)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            two.shutdownNow();
        }
        assertThat(LanceTables.version(table())).isEqualTo(2);
        assertThat(ids()).isEqualTo(range(0, 10));
    }

    @Test
    void noRowsMakeAnEmptyTableOnceAndAppendNothingAfterwards() throws Exception {
        try (Sink sink = Lab.connector().sink(appending());
                SinkWriter writer = sink.open(lab.sinkContext("none", 0, SCHEMA))) {
            sink.commit(
                    List.of(new Committable(new StageId("write"), 0, requireNonNull(writer.seal()))), Lab.last("none"));
        }
        assertThat(LanceTables.countRows(table())).isZero();
        assertThat(LanceTables.version(table())).isEqualTo(1);
        try (Sink sink = Lab.connector().sink(appending());
                SinkWriter writer = sink.open(lab.sinkContext("none again", 0, SCHEMA))) {
            assertThat(writer.seal()).isNull();
        }
        lab.write(appending(), "some", numbered(lab, 0, 3));
        assertThat(ids()).isEqualTo(range(0, 3));
        try (Sink sink = Lab.connector().sink(overwriting());
                SinkWriter writer = sink.open(lab.sinkContext("nothing", 0, SCHEMA))) {
            sink.commit(
                    List.of(new Committable(new StageId("write"), 0, requireNonNull(writer.seal()))),
                    Lab.last("nothing"));
        }
        assertThat(LanceTables.countRows(table())).isZero();
    }

    @Test
    void whatIsDiscardedLeavesNothing() throws Exception {
        try (Sink sink = Lab.connector().sink(appending())) {
            List<Committable> all = List.of(
                    sealed(sink, "run", 0, numbered(lab, 0, 50)), sealed(sink, "run", 1, numbered(lab, 50, 50)));
            assertThat(files()).isNotEmpty();
            sink.discard(all);
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void whatIsNeverSealedLeavesNothing() throws Exception {
        lab.write(appending(), "one", numbered(lab, 0, 5));
        List<Path> before = files();
        for (int batches : new int[] {0, 1, 40}) {
            try (Sink sink = Lab.connector().sink(overwriting());
                    SinkWriter writer = sink.open(lab.sinkContext("run", 0, null));
                    Batch rows = numbered(lab, 0, 9000)) {
                for (int i = 0; i < batches; i++) {
                    writer.write(rows);
                }
            }
            assertThat(files()).isEqualTo(before);
        }
    }

    @Test
    void columnsAreFoundByName() throws Exception {
        lab.write(appending(), "one", numbered(lab, 0, 5));
        try (Batch rows = numbered(lab, 5, 5)) {
            lab.write(appending(), "two", rows.select(1, 0));
        }
        assertThat(lab.read(LanceTableSource.of(table().toString()))).element(7).isEqualTo(List.of("7", "n7"));
    }

    @Test
    void keepsTheColumnNumbersOfATableWhoseColumnsChanged() throws Exception {
        lab.write(appending(), "one", numbered(lab, 0, 5));
        try (RootAllocator memory = new RootAllocator();
                Dataset changed =
                        Dataset.open().allocator(memory).uri(table().toString()).build()) {
            changed.dropColumns(List.of("id"));
        }
        try (Batch rows = numbered(lab, 5, 5)) {
            lab.write(appending(), "two", rows.select(1));
        }
        assertThat(lab.read(LanceTableSource.of(table().toString())))
                .hasSize(10)
                .element(9)
                .isEqualTo(List.of("n9"));
    }

    @Test
    void overwritesWithOtherColumnsAndANewerFileFormat() throws Exception {
        lab.write(appending(), "one", numbered(lab, 0, 5));
        Field key = new Field("key", FieldType.notNullable(TEXT), null);
        Field entries = new Field(
                "entries", FieldType.notNullable(new ArrowType.Struct()), List.of(key, field("value", INT64)));
        Schema map = Lab.schema(field("m", new ArrowType.Map(false), entries));
        lab.write(overwriting(), "two", lab.batch(map, 2, (root, row) -> {}));
        assertThat(lab.read(LanceTableSource.of(table().toString())))
                .isEqualTo(List.of(List.of("null"), List.of("null")));
    }

    @Test
    void rowsThatChangeTheirColumnsAreRefused() throws Exception {
        Schema other = Lab.schema(field("id", TEXT), field("name", TEXT));
        try (Sink sink = Lab.connector().sink(appending());
                SinkWriter writer = sink.open(lab.sinkContext("run", 0, null));
                Batch first = numbered(lab, 0, 20);
                Batch second = lab.batch(other, 1, (root, row) -> {})) {
            writer.write(first);
            assertThatThrownBy(() -> writer.write(second)).isInstanceOfSatisfying(SolsticeException.class, refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.SCHEMA_CHANGED);
                assertThat(refused.error().cause()).contains("'id'", "Utf8", "Int(64, true)");
            });
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void nullsInAColumnWithoutNullsAreRefused() throws Exception {
        Schema strict = Lab.schema(new Field("id", FieldType.notNullable(INT64), null));
        Schema loose = Lab.schema(field("id", INT64));
        LanceTables.create(table(), strict, List.<Batch>of().iterator());
        try (Batch rows = numbered(lab, 0, 5)) {
            lab.write(appending(), "full", rows.select(0));
        }
        assertThat(ids()).isEqualTo(range(0, 5));
        try (Sink sink = Lab.connector().sink(appending());
                SinkWriter writer = sink.open(lab.sinkContext("run", 0, loose));
                Batch nulls = lab.batch(loose, 2, (root, row) -> {})) {
            assertThatThrownBy(() -> writer.write(nulls))
                    .isInstanceOfSatisfying(
                            SolsticeException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NULL_VALUE));
        }
    }
}
