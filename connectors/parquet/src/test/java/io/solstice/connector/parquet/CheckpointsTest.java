package io.solstice.connector.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.expr.Expressions;
import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkWriter;
import io.solstice.api.source.FileSource;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.PushdownSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading from every position, and one file out of what was written between several checkpoints. */
class CheckpointsTest {
    private static final Schema SCHEMA = new Schema(List.of(
            Field.nullable("n", new ArrowType.Int(64, true)),
            Field.nullable("took", new ArrowType.Duration(TimeUnit.MILLISECOND))));

    @TempDir
    Path folder;

    private final ParquetFixture fixture = new ParquetFixture();

    @AfterEach
    void noMemoryIsLeft() {
        fixture.close();
    }

    private Committable part(Sink sink, long epoch, int from, int to) throws Exception {
        String[] lines = IntStream.range(from, to)
                .mapToObj(n -> "{\"n\":" + n + ",\"took\":\"PT" + n + "S\"}")
                .toArray(String[]::new);
        List<Batch> batches = fixture.fromJson(folder.resolve(".."), SCHEMA, lines);
        try (SinkWriter writer = sink.open(fixture.sinkContext(0, 1, SCHEMA, epoch))) {
            for (Batch batch : batches) {
                writer.write(batch);
            }
            return new Committable(new StageId("sink"), 0, String.valueOf(writer.seal()));
        } finally {
            batches.forEach(Batch::close);
        }
    }

    private static SinkCommit commit(long epoch, boolean last) {
        return new SinkCommit("job", "sink", "run", "run1", "checkpoint " + epoch, epoch, false, last, false);
    }

    @Test
    void aFileHoldsEveryEpochOnceAndInOrder() throws Exception {
        Path target = folder.resolve("out.parquet");
        try (Sink sink = fixture.sink(FileSink.parquet(target.toString()))) {
            for (int epoch = 1; epoch <= 3; epoch++) {
                List<Committable> now = List.of(part(sink, epoch, epoch * 3000, (epoch + 1) * 3000));
                sink.commit(now, commit(epoch, false));
                sink.commit(now, commit(epoch, false));
                assertThat(target).doesNotExist();
            }
            List<Committable> end = List.of(part(sink, 4, 12_000, 12_010));
            sink.commit(end, commit(4, true));
            sink.commit(end, commit(4, true));
        }
        List<String> expected =
                IntStream.range(3000, 12_010).mapToObj(n -> n + "|PT" + n + "S").toList();
        List<String> rows = fixture.rows(FileSource.parquet(target.toString()));
        assertThat(rows).hasSameSizeAs(expected);
        assertThat(rows.get(0)).startsWith("3000|PT50M");
        assertThat(rows)
                .extracting(row -> row.split("\\|")[0])
                .isEqualTo(expected.stream().map(row -> row.split("\\|")[0]).toList());
        assertThat(folder.toFile().list()).containsExactly("out.parquet");
    }

    @Test
    void theRestOfASplitIsTheSameFromEveryPosition() throws Exception {
        Path file = folder.resolve("in.parquet");
        try (Sink sink = fixture.sink(FileSink.parquet(file.toString()))) {
            sink.commit(List.of(part(sink, 1, 0, 5000)), commit(1, true));
        }
        FileSource definition = FileSource.fromConfig(Map.of(
                "file_paths",
                List.of(file.toString()),
                "format",
                "parquet",
                "columns",
                List.of("n"),
                "batch_size",
                64));
        for (boolean filtered : List.of(false, true)) {
            try (PushdownSource source = (PushdownSource) fixture.source(definition)) {
                if (filtered) {
                    assertThat(source.acceptFilter(Expressions.col("n").gt(1234)))
                            .isTrue();
                }
                List<String> positions = new ArrayList<>();
                for (Split split : source.splits()) {
                    List<String> all = ParquetFixture.texts(fixture.batches(source, split, 0));
                    assertThat(all).hasSize(filtered ? 3765 : 5000);
                    for (int position = 0; position <= all.size(); position += 1 + position / 5) {
                        assertThat(ParquetFixture.texts(fixture.batches(source, split, position)))
                                .as("from %d", position)
                                .isEqualTo(all.subList(position, all.size()));
                        positions.add(split.id() + position);
                    }
                    assertThat(fixture.batches(source, split, all.size())).isEmpty();
                }
                assertThat(positions).hasSizeGreaterThan(20);
            }
        }
    }
}
