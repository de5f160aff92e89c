package io.solstice.connector.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.sink.FileSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.protocol.Committable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedFilesTest {
    private static final Schema COLUMNS = new Schema(List.of(Field.nullable("a", new ArrowType.Utf8())));

    @TempDir
    Path folder;

    private final FilesFixture fixture = new FilesFixture();

    @AfterEach
    void noMemoryIsLeft() {
        fixture.close();
    }

    private Sink sink(Path target) {
        return fixture.sink(FileSink.csv(target.toString()));
    }

    private List<Committable> parts(Sink sink, int parallelism) throws Exception {
        List<Committable> sealed = new ArrayList<>();
        for (int task = 0; task < parallelism; task++) {
            sealed.add(fixture.write(sink, task, parallelism, COLUMNS));
        }
        return sealed;
    }

    private List<String> names(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void nothingIsSeenBeforeTheCommit() throws Exception {
        Path target = folder.resolve("out.csv");
        try (Sink sink = sink(target)) {
            List<Committable> sealed = parts(sink, 1);
            assertThat(target).doesNotExist();
            sink.commit(sealed, FilesFixture.last());
            assertThat(names(folder)).containsExactly("out.csv");
            sink.commit(sealed, FilesFixture.last());
            assertThat(names(folder)).containsExactly("out.csv");
        }
    }

    @Test
    void severalTasksPublishOneDirectory() throws Exception {
        Path target = folder.resolve("out");
        try (Sink sink = sink(target)) {
            List<Committable> sealed = parts(sink, 3);
            assertThat(target).doesNotExist();
            sink.commit(sealed, FilesFixture.last());
            sink.commit(sealed, FilesFixture.last());
            assertThat(names(target)).containsExactly("part-00000.csv", "part-00001.csv", "part-00002.csv");
            assertThat(names(folder)).containsExactly("out");
        }
    }

    @Test
    void aDirectoryIsReplacedAsAWholeAndAlsoAfterACrash() throws Exception {
        Path target = folder.resolve("out");
        try (Sink sink = sink(target)) {
            sink.commit(parts(sink, 3), FilesFixture.last());
            sink.validate(COLUMNS, 2, true);
            List<Committable> sealed = parts(sink, 2);
            // As a crash between the two renames leaves it.
            Path staging = folder.resolve(".out.solstice-run1-sink");
            Files.move(target, folder.resolve(".out.solstice-job-sink.old"));
            assertThat(staging).isDirectory();
            sink.commit(sealed, FilesFixture.last());
            assertThat(names(target)).containsExactly("part-00000.csv", "part-00001.csv");
            assertThat(names(folder)).containsExactly("out");
            sink.commit(parts(sink, 2), FilesFixture.last());
            assertThat(names(folder)).containsExactly("out");
        }
    }

    @Test
    void leftoversOfGivenUpTriesAreNotPublished() throws Exception {
        Path target = folder.resolve("out");
        try (Sink sink = sink(target)) {
            List<Committable> sealed = parts(sink, 2);
            Files.writeString(folder.resolve(".out.solstice-run1-sink/part-00007.csv"), "a\n");
            sink.commit(sealed, FilesFixture.last());
            assertThat(names(target)).containsExactly("part-00000.csv", "part-00001.csv");
        }
    }

    @Test
    void discardAndCloseWithoutSealLeaveNothing() throws Exception {
        Path target = folder.resolve("out");
        try (Sink sink = sink(target)) {
            sink.discard(parts(sink, 2));
            assertThat(names(folder)).isEmpty();
            SinkWriter writer = sink.open(fixture.sinkContext(0, 1, COLUMNS));
            assertThat(names(folder)).hasSize(1);
            writer.close();
            assertThat(names(folder)).isEmpty();
        }
    }

    @Test
    void aLostPartIsAnErrorAndNeverSilent() throws Exception {
        Path target = folder.resolve("out.csv");
        try (Sink sink = sink(target)) {
            List<Committable> sealed = parts(sink, 1);
            Files.delete(folder.resolve(".out.csv.solstice-run1-sink/part-00000.csv"));
            assertThatThrownBy(() -> sink.commit(sealed, FilesFixture.last())).hasMessageContaining("SOL-2102");
            Files.writeString(target, "of somebody else");
            assertThatThrownBy(() -> sink.commit(sealed, FilesFixture.last())).hasMessageContaining("SOL-2102");
        }
    }

    @Test
    void targetsOfAnotherKindAreLeftAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        Path parquet = Files.writeString(folder.resolve("x.parquet"), "PAR1 and more");
        Path directory = Files.createDirectory(folder.resolve("directory"));
        Files.writeString(directory.resolve("precious.txt"), "x");
        assertConflict(sink(file), 2, "it is a file");
        assertConflict(sink(parquet), 1, "another format");
        assertConflict(sink(directory), 1, "it is a directory");
        assertConflict(sink(directory), 2, "precious.txt");
        assertConflict(fixture.sink(FileSink.csv(file.toString()).mode("fail")), 1, "mode is 'fail'");
        assertConflict(sink(folder.resolve(".x.solstice-run-s/y.csv")), 1, "staging directory");
        assertThatThrownBy(() -> sink(file.resolve("below.csv")).validate(COLUMNS, 1, true))
                .hasMessageContaining("SOL-3101");
        sink(folder.resolve("new/deep/x.csv")).validate(COLUMNS, 1, true);
        assertThat(folder.resolve("new")).doesNotExist();
    }

    private static void assertConflict(Sink sink, int parallelism, String cause) {
        assertThatThrownBy(() -> sink.validate(COLUMNS, parallelism, true))
                .hasMessageContaining("SOL-2101")
                .hasMessageContaining(cause);
    }
}
