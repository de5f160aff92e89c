package io.solstice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.row.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLettersTest {
    @TempDir
    Path folder;

    /** A process that is killed closes nothing, and what it set aside before a checkpoint is not met again. */
    @Test
    void aRecordIsInTheFileBeforeItIsClosed() throws Exception {
        Path file = folder.resolve("errors").resolve("run-parse-0.jsonl");
        try (DeadLetters letters = new DeadLetters(file, "parse")) {
            assertThat(file).as("made with the first record").doesNotExist();
            letters.add("task 0", Row.of("id", 1L), new IllegalStateException("bad"));
            List<String> first = Files.readAllLines(file);
            assertThat(first).hasSize(1);
            assertThat(first.get(0))
                    .startsWith("{\"stage\":\"parse\",\"place\":\"task 0\"")
                    .endsWith("\"record\":{\"id\":1}}");
            letters.add("in.json:7", "no { json", new IllegalStateException("worse"));
            assertThat(Files.readString(file)).startsWith(first.get(0) + "\n").endsWith("\"record\":\"no { json\"}\n");
        }
        assertThat(Files.readAllLines(file)).hasSize(2);
    }
}
