package io.solstice.worker.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowSchema;
import io.solstice.api.row.RowWriter;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.FrequentKey;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeySampleTest {
    private static final int BATCH = 5_000;

    private final BufferAllocator memory = new RootAllocator();
    private final KeySample sample = new KeySample(new StageId("sum"), List.of("country", "user"));

    @AfterEach
    void nothingIsLeft() {
        memory.close();
    }

    private void look(int times, LongFunction<Row> row) {
        List<Row> rows = LongStream.range(0, BATCH).mapToObj(row).toList();
        RowSchema schema = new RowSchema();
        rows.forEach(schema::include);
        try (Batch batch = new RowWriter(schema.schema()).write(rows, memory)) {
            for (int i = 0; i < times; i++) {
                sample.look(batch);
            }
        }
    }

    private static Row row(String country, long user) {
        return Row.of("country", country, "user", user);
    }

    private FrequentKey found() {
        return Objects.requireNonNull(sample.found());
    }

    private static int batches(int sampled) {
        return 2 * sampled * KeySample.STEP / BATCH;
    }

    @Test
    void aKeyWithMostOfTheRowsIsFound() {
        look(5, number -> row("eu", 7));
        assertThat(sample.found()).as("too few to tell").isNull();
        look(batches(KeySample.LEAST), number -> number % 10 == 0 ? row("us", number) : row("eu", 7));
        assertThat(found().to()).isEqualTo(new StageId("sum"));
        assertThat(found().key()).isEqualTo("eu, 7");
        assertThat(found().share()).isBetween(0.8, 1.0);
    }

    @Test
    void keysThatAreAllAlikeAreNotHot() {
        look(batches(1_000), number -> row("eu", number));
        assertThat(found().of()).isGreaterThan(500);
        assertThat(found().share()).isLessThan(0.1);
    }

    @Test
    void whatIsToldIsOfLately() {
        look(batches(KeySample.MOST), number -> row("eu", 7));
        assertThat(found().key()).isEqualTo("eu, 7");
        look(batches(KeySample.MOST), number -> row("x".repeat(100), 8));
        assertThat(found().key()).isEqualTo("x".repeat(64) + "…");
        assertThat(found().share()).isEqualTo(1.0);
    }
}
