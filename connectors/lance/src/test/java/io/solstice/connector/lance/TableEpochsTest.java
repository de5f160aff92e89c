package io.solstice.connector.lance;

import static io.solstice.connector.lance.TableSourceTest.numbered;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.sink.LanceSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkWriter;
import io.solstice.api.source.LanceTableSource;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that a job adds to at every checkpoint. */
class TableEpochsTest {
    @TempDir
    Path folder;

    private final Lab lab = new Lab();

    @AfterEach
    void leavesNoMemory() {
        lab.close();
    }

    private Path table() {
        return folder.resolve("t.lance");
    }

    private static SinkCommit commit(String submission, int generation, long epoch, boolean continued) {
        return new SinkCommit(
                "job",
                "write",
                submission,
                submission + "-" + generation,
                "checkpoint " + submission + epoch,
                epoch,
                continued,
                false,
                generation > 1);
    }

    private Committable part(Sink sink, String run, long epoch, int from) throws Exception {
        try (SinkWriter writer = sink.open(lab.sinkContext(run, epoch));
                Batch rows = numbered(lab, from, 10)) {
            writer.write(rows);
            return new Committable(new StageId("write"), 0, requireNonNull(writer.seal()));
        }
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

    @Test
    void everyEpochIsOneVersionHoweverOftenItIsCommitted() throws Exception {
        for (String mode : List.of("append", "overwrite")) {
            LanceSink definition = LanceSink.of(table().toString()).mode(mode);
            if (mode.equals("overwrite")) {
                lab.write(definition, "old", numbered(lab, 500, 7));
            }
            long before = Files.exists(table()) ? LanceTables.version(table()) : 0;
            Committable next;
            try (Sink sink = Lab.connector().sink(definition)) {
                next = part(sink, "r-1", 1, 0);
            }
            for (int epoch = 1; epoch <= 4; epoch++) {
                try (Sink sink = Lab.connector().sink(definition)) {
                    List<Committable> now = List.of(next);
                    // The next epoch is written before this one is committed, as tasks do.
                    next = part(sink, "r-1", epoch + 1, epoch * 10);
                    sink.commit(now, commit("r", 1, epoch, false));
                    sink.commit(now, commit("r", 2, epoch, false));
                    sink.discard(now);
                }
                assertThat(LanceTables.version(table())).as(mode).isEqualTo(before + epoch);
                assertThat(ids()).as(mode).isEqualTo(range(0, epoch * 10));
            }
            try (Sink sink = Lab.connector().sink(definition)) {
                sink.discard(List.of(next));
            }
            try (Stream<Path> files = Files.list(table().resolve("data"))) {
                assertThat(files)
                        .as("%s: four epochs, and what was there", mode)
                        .hasSize(before == 0 ? 4 : 9);
            }
        }
    }

    @Test
    void whatASecondSubmissionGoesOnWithIsNotOverwritten() throws Exception {
        LanceSink definition = LanceSink.of(table().toString()).mode("overwrite");
        try (Sink sink = Lab.connector().sink(definition)) {
            sink.commit(List.of(part(sink, "a-1", 1, 0)), commit("a", 1, 1, false));
            sink.commit(List.of(part(sink, "b-1", 2, 10)), commit("b", 1, 2, true));
            assertThat(ids()).isEqualTo(range(0, 20));
            sink.commit(List.of(part(sink, "c-1", 1, 30)), commit("c", 1, 1, false));
            assertThat(ids()).isEqualTo(range(30, 40));
        }
    }

    @Test
    void anotherOnesVersionsInBetweenChangeNothing() throws Exception {
        LanceSink definition = LanceSink.of(table().toString());
        try (Sink sink = Lab.connector().sink(definition)) {
            Committable first = part(sink, "a-1", 1, 0);
            sink.commit(List.of(first), commit("a", 1, 1, false));
            Committable second = part(sink, "a-1", 2, 10);
            lab.write(definition, "other", numbered(lab, 20, 10));
            sink.commit(List.of(second), commit("a", 1, 2, false));
            lab.write(definition, "another", numbered(lab, 30, 10));
            sink.commit(List.of(second), commit("a", 2, 2, false));
            sink.commit(List.of(first), commit("a", 2, 1, false));
        }
        assertThat(ids()).isEqualTo(range(0, 40));
        assertThat(LanceTables.version(table())).isEqualTo(4);
    }

    private static TableCommit of(LanceSink definition, Committable part) throws Exception {
        return TableCommit.of(SinkSettings.of(definition.config()), List.of(part));
    }

    /** A worker that looked at the table and then stood still, while another one did its work. */
    @Test
    void aCommitThatComesTooLateIsRefused() throws Exception {
        for (String mode : List.of("append", "overwrite")) {
            LanceSink definition = LanceSink.of(table().toString()).mode(mode);
            lab.write(definition.mode("overwrite"), "old " + mode, numbered(lab, 500, 7));
            try (Sink sink = Lab.connector().sink(definition);
                    RootAllocator memory = new RootAllocator()) {
                TableLocation location = SinkSettings.of(definition.config()).location();
                Committable first = part(sink, "a-1", 1, 0);
                try (LanceTable seen = LanceTable.open(location, null, memory)) {
                    sink.commit(List.of(first), commit("a", 1, 1, false));
                    assertRefused(definition, first, seen, mode.equals("overwrite"), commit("a", 1, 1, false));
                }
                Committable second = part(sink, "a-1", 2, 10);
                try (LanceTable seen = LanceTable.open(location, null, memory)) {
                    lab.write(LanceSink.of(table().toString()), "other", numbered(lab, 30, 10));
                    sink.commit(List.of(second), commit("a", 2, 2, false));
                    lab.write(LanceSink.of(table().toString()), "another", numbered(lab, 40, 10));
                    assertRefused(definition, second, seen, false, commit("a", 1, 2, false));
                }
            }
            List<Long> kept = mode.equals("append") ? range(500, 507) : List.of();
            List<Long> added = Stream.of(range(0, 20), range(30, 50), kept)
                    .flatMap(List::stream)
                    .toList();
            assertThat(ids()).as(mode).isEqualTo(added);
        }
    }

    private static void assertRefused(
            LanceSink definition, Committable part, LanceTable seen, boolean overwrites, SinkCommit which)
            throws Exception {
        long before = LanceTables.version(seen.location().path());
        assertThatThrownBy(() -> of(definition, part).commitOn(seen, overwrites, CommitKey.of(which)))
                .hasMessageContaining("concurrent transaction");
        assertThat(LanceTables.version(seen.location().path())).isEqualTo(before);
    }

    @Test
    void aTableIsNotMadeASecondTime() throws Exception {
        LanceSink definition = LanceSink.of(table().toString());
        try (Sink sink = Lab.connector().sink(definition);
                RootAllocator memory = new RootAllocator()) {
            Committable first = part(sink, "a-1", 1, 0);
            sink.commit(List.of(first), commit("a", 1, 1, false));
            sink.commit(List.of(part(sink, "a-1", 2, 10)), commit("a", 1, 2, false));
            SinkCommit again = commit("a", 1, 1, false);
            assertThatThrownBy(() -> of(definition, first).create(memory, CommitKey.of(again)))
                    .hasMessageContaining("already exists");
        }
        assertThat(ids()).isEqualTo(range(0, 20));
    }

    /** Two jobs that find no table: the second one adds to what the first one has made. */
    @Test
    void aTableThatAppearsIsAddedTo() throws Exception {
        LanceSink definition = LanceSink.of(table().toString());
        try (Sink sink = Lab.connector().sink(definition)) {
            Committable one = part(sink, "a-1", 1, 0);
            Committable other = part(sink, "b-1", 1, 10);
            sink.commit(List.of(one), commit("a", 1, 1, false));
            sink.commit(List.of(other), commit("b", 1, 1, false));
            sink.commit(List.of(one), commit("a", 2, 1, false));
        }
        assertThat(ids()).isEqualTo(range(0, 20));
        assertThat(LanceTables.version(table())).isEqualTo(2);
    }
}
