package io.solstice.connector.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.source.FileSource;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceReader;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionsTest {
    @TempDir
    Path folder;

    private final FilesFixture fixture = new FilesFixture();

    @AfterEach
    void noMemoryIsLeft() {
        fixture.close();
    }

    private static String lines(String format, Random random) {
        StringBuilder text = new StringBuilder(format.equals("csv") ? "a,b\n" : "");
        for (int i = 0; i < random.nextInt(40); i++) {
            boolean bad = random.nextInt(3) == 0;
            text.append(format.equals("csv") ? (bad ? "x,1" : i + ",b" + i) : bad ? "{\"a\":" : "{\"a\":" + i + "}");
            text.append(random.nextInt(5) == 0 ? "\n\n" : "\n");
        }
        return text.toString();
    }

    @Test
    void theRestOfASplitIsTheSameFromEveryPosition() throws Exception {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            String format = seed % 2 == 0 ? "json" : "csv";
            Path file = Files.writeString(folder.resolve("in" + seed), lines(format, random));
            Map<String, Object> config = Map.of(
                    "file_paths",
                    List.of(file.toString()),
                    "format",
                    format,
                    "skip_on_error",
                    true,
                    "batch_size",
                    1 + random.nextInt(5),
                    "columns",
                    List.of("a"));
            FileSource definition = FileSource.fromConfig(config).schema(FilesFixture.NUMBERS);
            try (Source source = fixture.source(definition)) {
                for (Split split : source.splits()) {
                    check(source, split, "seed " + seed);
                }
            }
        }
    }

    private void check(Source source, Split split, String seed) throws Exception {
        fixture.skipped.clear();
        List<String> all = FilesFixture.texts(fixture.batches(source, split, 0));
        List<String> skipped = List.copyOf(fixture.skipped);
        for (int position = 0; position <= all.size(); position++) {
            List<String> rest = FilesFixture.texts(fixture.batches(source, split, position));
            assertThat(rest).as("%s from %d", seed, position).isEqualTo(all.subList(position, all.size()));
        }
        // Where a task may stop: behind every batch.
        int rows = 0;
        List<Batch> read = new ArrayList<>();
        fixture.skipped.clear();
        try (SourceReader reader = source.open(split, 0, fixture.sourceContext())) {
            for (Batch batch = reader.read(); batch != null; batch = reader.read()) {
                rows += batch.rowCount();
                read.add(batch);
                List<String> soFar = List.copyOf(fixture.skipped);
                FilesFixture.texts(fixture.batches(source, split, rows));
                assertThat(fixture.skipped)
                        .as("%s: lines left out around row %d", seed, rows)
                        .isEqualTo(skipped);
                fixture.skipped.clear();
                fixture.skipped.addAll(soFar);
            }
        }
        read.forEach(Batch::close);
    }
}
