package io.solstice.connector.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkWriter;
import io.solstice.api.source.FileSource;
import io.solstice.api.source.Source;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetRoundTripTest {
    private static final ArrowType INT64 = new ArrowType.Int(64, true);
    private static final ArrowType FLOAT32 = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
    private static final Schema NUMBERS = new Schema(List.of(Field.nullable("n", INT64)));

    @TempDir
    Path folder;

    private final ParquetFixture fixture = new ParquetFixture();

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("solstice-parquet"));
    }

    private static Field timestamp(String name, TimeUnit unit, String zone) {
        return Field.nullable(name, new ArrowType.Timestamp(unit, zone.isEmpty() ? null : zone));
    }

    private static Field list(String name, ArrowType type, Field item) {
        return new Field(name, FieldType.nullable(type), List.of(item));
    }

    private static Schema everyType() {
        Field vector = list("vector", new ArrowType.FixedSizeList(3), Field.nullable("item", FLOAT32));
        Field entries = new Field(
                "entries",
                FieldType.notNullable(new ArrowType.Struct()),
                List.of(
                        Field.notNullable("key", new ArrowType.Utf8()),
                        timestamp("value", TimeUnit.SECOND, "Europe/Berlin")));
        Field struct = new Field(
                "item",
                FieldType.nullable(new ArrowType.Struct()),
                List.of(vector, timestamp("at", TimeUnit.MILLISECOND, "UTC"), Field.nullable("n", INT64)));
        return new Schema(
                List.of(
                        Field.notNullable("id", INT64),
                        Field.nullable("flag", new ArrowType.Bool()),
                        Field.nullable("i8", new ArrowType.Int(8, true)),
                        Field.nullable("u16", new ArrowType.Int(16, false)),
                        Field.nullable("u64", new ArrowType.Int(64, false)),
                        Field.nullable("f32", FLOAT32),
                        Field.nullable("f64", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
                        Field.nullable("text", new ArrowType.Utf8()),
                        Field.nullable("bytes", new ArrowType.Binary()),
                        Field.nullable("small", new ArrowType.Decimal(9, 2, 128)),
                        Field.nullable("large", new ArrowType.Decimal(38, 10, 128)),
                        Field.nullable("day", new ArrowType.Date(DateUnit.DAY)),
                        Field.nullable("time", new ArrowType.Time(TimeUnit.MICROSECOND, 64)),
                        timestamp("s", TimeUnit.SECOND, ""),
                        timestamp("ms", TimeUnit.MILLISECOND, ""),
                        timestamp("us", TimeUnit.MICROSECOND, ""),
                        timestamp("ns", TimeUnit.NANOSECOND, ""),
                        timestamp("zs", TimeUnit.SECOND, "UTC"),
                        timestamp("zms", TimeUnit.MILLISECOND, "America/New_York"),
                        timestamp("zus", TimeUnit.MICROSECOND, "Europe/Berlin"),
                        timestamp("zns", TimeUnit.NANOSECOND, "UTC"),
                        Field.nullable("took", new ArrowType.Duration(TimeUnit.MILLISECOND)),
                        vector,
                        list("structs", new ArrowType.List(), struct),
                        list("map", new ArrowType.Map(false), entries)),
                Map.of("owner", "somebody"));
    }

    private static final String FULL_ROW = "{\"id\":1,\"flag\":true,\"i8\":-128,\"u16\":65535,"
            + "\"u64\":18446744073709551615,\"f32\":0.5,\"f64\":\"NaN\",\"text\":\"h\u00fc\",\"bytes\":\"AP8=\","
            + "\"small\":-1.25,\"large\":1234567890.0123456789,\"day\":\"1969-12-31\",\"time\":\"23:59:59.000001\","
            + "\"s\":\"2026-01-31T12:34:56\",\"ms\":\"2026-01-31T12:34:56.789\",\"us\":\"1950-01-01T00:00:00.000001\","
            + "\"ns\":\"2026-01-31T12:34:56.123456789\",\"zs\":\"2026-01-31T12:34:56Z\","
            + "\"zms\":\"2026-07-31T12:34:56.789Z\",\"zus\":\"2026-07-31T12:34:56.789012Z\","
            + "\"zns\":\"2026-01-31T12:34:56.123456789Z\",\"took\":\"PT1.5S\",\"vector\":[1.0,2.0,3.5],"
            + "\"structs\":[{\"vector\":[1.0,2.0,3.0],\"at\":\"2026-01-31T12:34:56.789Z\",\"n\":3},null,"
            + "{\"vector\":null,\"at\":null,\"n\":null}],\"map\":{\"a\":\"2026-01-31T12:34:56Z\",\"b\":null}}";

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zstd", "gzip", "uncompressed"})
    void everyTypeComesBackUnharmed(String compression) throws Exception {
        String file = folder.resolve("types.parquet").toString();
        List<Batch> written =
                fixture.fromJson(folder, everyType(), FULL_ROW, "{\"id\":2}", "{\"id\":3,\"structs\":[],\"map\":{}}");
        FileSink sink = FileSink.parquet(file).compression(compression);
        fixture.publish(sink, everyType(), written);
        assertThat(fixture.schema(FileSource.parquet(file))).isEqualTo(everyType());
        List<Batch> read = fixture.batches(FileSource.parquet(file));
        assertThat(read.get(0).schema()).isEqualTo(everyType());
        assertThat(ParquetFixture.texts(read)).isEqualTo(ParquetFixture.texts(written));
    }

    @Test
    void filesWithoutRowsKeepTheirColumns() throws Exception {
        String file = folder.resolve("none.parquet").toString();
        fixture.publish(FileSink.parquet(file), everyType(), List.of());
        assertThat(fixture.schema(FileSource.parquet(file))).isEqualTo(everyType());
        assertThat(fixture.rows(FileSource.parquet(file))).isEmpty();
    }

    @Test
    void withoutRowsAndColumnsThereIsNoFile() throws Exception {
        try (Sink sink = fixture.sink(
                        FileSink.parquet(folder.resolve("none.parquet").toString()));
                SinkWriter writer = sink.open(fixture.sinkContext(0, 1, null))) {
            assertThat(writer.seal()).isNull();
        }
        assertThat(folder).isEmptyDirectory();
    }

    private Batch numbers(long from, int count) {
        BigIntVector vector = new BigIntVector(NUMBERS.getFields().get(0), fixture.allocator);
        vector.allocateNew(count);
        for (int i = 0; i < count; i++) {
            vector.set(i, from + i);
        }
        vector.setValueCount(count);
        return Batch.of(NUMBERS, List.of(vector), count);
    }

    /** A million rows, so that there are several splits. */
    private FileSource million() throws Exception {
        Path file = folder.resolve("a [1]*.parquet");
        try (Sink sink = fixture.sink(FileSink.parquet(file.toString()));
                SinkWriter writer = sink.open(fixture.sinkContext(0, 1, NUMBERS))) {
            for (int i = 0; i < 100; i++) {
                try (Batch batch = numbers(i * 10_000L, 10_000)) {
                    writer.write(batch);
                }
            }
            sink.commit(
                    List.of(new Committable(new StageId("sink"), 0, String.valueOf(writer.seal()))),
                    ParquetFixture.last());
        }
        return FileSource.parquet(file.toString());
    }

    @Test
    void splitsHaveEveryRowOnceAndInOrderAndCanBeContinued() throws Exception {
        FileSource definition = million();
        try (Source source = fixture.source(definition)) {
            List<Split> splits = source.splits();
            assertThat(splits).hasSizeGreaterThan(1);
            long expected = 0;
            for (Split split : splits) {
                long first = expected;
                List<Batch> batches = fixture.batches(source, split, 0);
                for (Batch batch : batches) {
                    BigIntVector values = (BigIntVector) batch.column(0);
                    for (int i = 0; i < batch.rowCount(); i++) {
                        assertThat(values.get(i)).isEqualTo(expected++);
                    }
                    batch.close();
                }
                assertThat(split.rows()).isEqualTo(expected - first);
                List<String> rest = ParquetFixture.texts(fixture.batches(source, split, split.rows() - 2));
                assertThat(rest).containsExactly(Long.toString(expected - 2), Long.toString(expected - 1));
            }
            assertThat(expected).isEqualTo(1_000_000);
        }
    }

    @Test
    void batchesOutliveTheirReaderAndReadingMayEndEarly() throws Exception {
        FileSource definition = million();
        Batch batch;
        try (Source source = fixture.source(definition);
                var reader = source.open(source.splits().get(0), 0, fixture.sourceContext());
                var other = source.open(source.splits().get(1), 0, fixture.sourceContext())) {
            batch = Objects.requireNonNull(reader.read());
            Objects.requireNonNull(other.read()).close();
        }
        assertThat(((BigIntVector) batch.column("n")).get(0)).isZero();
        batch.close();
    }

    @Test
    void memoryStaysBoundedWhileStreaming() throws Exception {
        FileSource definition = million();
        assertThat(fixture.allocator.getPeakMemoryAllocation()).isLessThan(64L << 20);
        long rows = 0;
        try (Source source = fixture.source(definition)) {
            for (Split split : source.splits()) {
                try (var reader = source.open(split, 0, fixture.sourceContext())) {
                    for (Batch batch = reader.read(); batch != null; batch = reader.read()) {
                        rows += batch.rowCount();
                        assertThat(fixture.allocator.getAllocatedMemory()).isLessThan(1 << 20);
                        batch.close();
                    }
                }
            }
        }
        assertThat(rows).isEqualTo(1_000_000);
    }

    @Test
    void givingUpLeavesNothing() throws Exception {
        try (Sink sink =
                fixture.sink(FileSink.parquet(folder.resolve("x.parquet").toString()))) {
            SinkWriter writer = sink.open(fixture.sinkContext(0, 1, NUMBERS));
            for (int i = 0; i < 200; i++) {
                try (Batch batch = numbers(i, 10_000)) {
                    writer.write(batch);
                }
            }
            writer.close();
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void changedColumnsAndImpossibleTypesAreRefused() throws Exception {
        Schema interval = new Schema(List.of(Field.nullable("i", new ArrowType.Interval(IntervalUnit.DAY_TIME))));
        Schema other = new Schema(List.of(Field.nullable("m", INT64)));
        try (Sink sink =
                fixture.sink(FileSink.parquet(folder.resolve("x.parquet").toString()))) {
            assertThatThrownBy(() -> sink.validate(interval, 1, true)).hasMessageContaining("SOL-1606");
            Batch first = numbers(0, 10);
            Batch second = first.renamed(other);
            assertThatThrownBy(() -> fixture.write(sink, 0, 1, null, first, second))
                    .isInstanceOfSatisfying(
                            SolsticeException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.SCHEMA_CHANGED));
            first.close();
            second.close();
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFailingWriterTellsWhyAndLeavesNothing() throws Exception {
        List<Batch> batches = new ArrayList<>();
        try (Sink sink =
                fixture.sink(FileSink.parquet(folder.resolve("x.parquet").toString()))) {
            SinkWriter writer = sink.open(fixture.sinkContext(0, 1, NUMBERS));
            Path staging;
            try (var files = Files.list(folder)) {
                staging = files.findFirst().orElseThrow();
            }
            Files.delete(staging.resolve("part-00000.parquet"));
            Files.delete(staging);
            batches.add(numbers(0, 10));
            assertThatThrownBy(() -> {
                        writer.write(batches.get(0));
                        writer.seal();
                    })
                    .hasMessageContaining("SOL-3103")
                    .hasMessageContaining("part-00000.parquet");
            writer.close();
        }
        batches.forEach(Batch::close);
    }

    @Test
    void columnsAreChosenAndUnknownOnesExplained() throws Exception {
        String file = folder.resolve("types.parquet").toString();
        List<Batch> written = fixture.fromJson(folder, everyType(), FULL_ROW);
        fixture.publish(FileSink.parquet(file), everyType(), written);
        written.forEach(Batch::close);
        assertThat(fixture.rows(FileSource.parquet(file).columns("vector", "id")))
                .containsExactly("[1.0,2.0,3.5]|1");
        assertThatThrownBy(() -> fixture.schema(FileSource.parquet(file).columns("vektor")))
                .hasMessageContaining(ErrorCode.COLUMN_UNKNOWN.code())
                .hasMessageContaining("did you mean 'vector'");
    }

    @Test
    void otherFilesAreNotParquet() throws Exception {
        Path text = Files.writeString(folder.resolve("text.parquet"), "{\"a\":1}, surely not Parquet\n");
        Path empty = Files.writeString(folder.resolve("empty.parquet"), "");
        for (Path file : List.of(text, empty)) {
            assertThatThrownBy(() -> fixture.schema(FileSource.parquet(file.toString())))
                    .isInstanceOfSatisfying(
                            SolsticeException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.SOURCE_FORMAT))
                    .hasMessageContaining(file.toString());
        }
        assertThatThrownBy(() -> fixture.schema(FileSource.parquet(folder + "/nowhere.parquet")))
                .hasMessageContaining("SOL-3201");
    }

    @Test
    void typesThatDuckDbHasNotKeepTheirValues() throws Exception {
        Schema wide = new Schema(List.of(
                Field.nullable("text", new ArrowType.LargeUtf8()),
                Field.nullable("bytes", new ArrowType.LargeBinary()),
                Field.nullable("fixed", new ArrowType.FixedSizeBinary(3)),
                Field.nullable("time", new ArrowType.Time(TimeUnit.SECOND, 32)),
                Field.nullable("day", new ArrowType.Date(DateUnit.MILLISECOND)),
                Field.nullable("nothing", new ArrowType.Null()),
                list("longs", new ArrowType.LargeList(), Field.nullable("item", new ArrowType.LargeUtf8()))));
        String file = folder.resolve("wide.parquet").toString();
        List<Batch> written = fixture.fromJson(
                folder,
                wide,
                "{\"text\":\"a\",\"bytes\":\"AP8=\",\"fixed\":\"AQID\",\"time\":\"01:00:00\",\"day\":\"2026-01-31\","
                        + "\"longs\":[\"x\",null]}",
                "{}");
        fixture.publish(FileSink.parquet(file), wide, written);
        written.forEach(Batch::close);
        assertThat(fixture.rows(FileSource.parquet(file)))
                .containsExactly(
                        "a|[0, -1]|[1, 2, 3]|3600000000|20484|null|[\"x\",null]", "null|null|null|null|null|null|null");
    }

    @Test
    void filesMustAgreeOnTheTypesOfColumns() throws Exception {
        Schema texts = new Schema(List.of(Field.nullable("n", new ArrowType.Utf8()), Field.nullable("m", INT64)));
        Path numbers = folder.resolve("a.parquet");
        Path other = folder.resolve("b.parquet");
        List<Batch> first = fixture.fromJson(folder, NUMBERS, "{\"n\":1}");
        List<Batch> second = fixture.fromJson(folder, texts, "{\"n\":\"x\"}");
        fixture.publish(FileSink.parquet(numbers.toString()), NUMBERS, first);
        fixture.publish(FileSink.parquet(other.toString()), texts, second);
        first.forEach(Batch::close);
        second.forEach(Batch::close);
        assertThatThrownBy(() -> fixture.rows(FileSource.parquet(numbers.toString(), other.toString())))
                .hasMessageContaining("SOL-3202")
                .hasMessageContaining("b.parquet")
                .hasMessageContaining("column 'n'");
        assertThatThrownBy(() -> fixture.rows(
                        FileSource.parquet(other.toString(), numbers.toString()).columns("m")))
                .hasMessageContaining("no column 'm'");
    }

    @Test
    void aMissingJvmFlagIsNamed() {
        Throwable arrow = new UnsupportedOperationException(
                "sun.misc.Unsafe or java.nio.DirectByteBuffer.<init>(long, int) not available");
        assertThat(DuckDatabase.error(new RuntimeException(arrow), ErrorCode.SOURCE_FORMAT, "x"))
                .hasMessageContaining("SOL-1508")
                .hasMessageContaining("--add-opens=java.base/java.nio=ALL-UNNAMED");
    }
}
