package io.solstice.faults.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.faults.workload.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows as defects would leave them: each is found, and counted exactly. */
class LedgerTest {
    @TempDir
    Path folder;

    private final List<OutputRow> rows = new ArrayList<>(Honest.rows());

    @Test
    void honestOutputHolds() throws Exception {
        Honest.write(folder, rows);
        assertThat(Honest.read(folder).counts()).isEmpty();
        assertThat(Honest.account(rows).isClean()).isTrue();
    }

    /** Batches on the way that are dropped at a restart, or a position that is ahead. */
    @Test
    void findsLostRows() {
        rows.removeAll(List.copyOf(rows.subList(300, 340)));
        Account account = Honest.account(rows);
        assertThat(account.count(Kind.LOST)).isEqualTo(40);
        assertThat(account.isClean()).isFalse();
    }

    /** The end of a partition is no less missed than its middle. */
    @Test
    void findsALostTail() {
        rows.subList(rows.size() - 6, rows.size()).clear();
        assertThat(Honest.account(rows).count(Kind.LOST)).isEqualTo(6);
    }

    /** All transactions are aborted at a restore: nothing at all is there. */
    @Test
    void findsThatEverythingIsLost() {
        assertThat(Honest.account(List.of()).count(Kind.LOST)).isEqualTo(Honest.PARTS * Honest.ROWS);
    }

    /** A position that is behind, part of a batch that is tried again, an epoch that is committed twice. */
    @Test
    void findsEachDoubledRow() throws Exception {
        rows.addAll(List.copyOf(rows.subList(100, 130)));
        rows.add(rows.get(100));
        assertThat(Honest.account(rows).count(Kind.DOUBLED)).isEqualTo(31);
        Honest.write(folder, rows);
        assertThat(Honest.read(folder).count(Kind.DOUBLED))
                .as("also in another file")
                .isEqualTo(31);
    }

    /** An older checkpoint is gone on from although a later one had been published. */
    @Test
    void findsRowsThatWereMadeAgainWithOtherNumbers() {
        OutputRow last = rows.get(rows.size() - 1);
        rows.add(new OutputRow(last.event(), last.size(), last.nth() + 1));
        assertThat(Honest.account(rows).counts()).isEqualTo(Map.of(Kind.DOUBLED, 1));
    }

    /** A count that was not restored begins at 1 again; one of another key group goes on elsewhere. */
    @Test
    void findsCountsThatWereNotRestored() {
        List<OutputRow> restarted = rows.stream()
                .map(row -> new OutputRow(row.event(), row.size(), row.event().seq() < 200 ? row.nth() : 1))
                .toList();
        assertThat(Honest.account(restarted).count(Kind.WRONG_COUNT)).isGreaterThan(100);
        OutputRow one = rows.get(500);
        rows.set(500, new OutputRow(one.event(), one.size(), one.nth() + 1000));
        assertThat(Honest.account(rows).count(Kind.WRONG_COUNT)).isGreaterThan(0);
        rows.set(500, new OutputRow(one.event(), one.size(), 0));
        assertThat(Honest.account(rows).count(Kind.WRONG_COUNT)).isGreaterThan(0);
    }

    @Test
    void findsWrongAndAlienAndDamagedRows() {
        OutputRow one = rows.get(7);
        rows.set(7, new OutputRow(one.event(), one.size() + 1, one.nth()));
        Event other = Event.of(Honest.SEED + 1, 0, 8);
        rows.add(new OutputRow(other, other.payload().length(), 1));
        Event beyond = Event.of(Honest.SEED, 0, Honest.ROWS);
        rows.add(new OutputRow(beyond, beyond.payload().length(), 1));
        Event event = rows.get(9).event();
        Event flipped = new Event(event.id(), event.part(), event.seq(), event.key() ^ 4, event.payload(), event.crc());
        rows.set(9, new OutputRow(flipped, event.payload().length(), rows.get(9).nth()));
        Account account = Honest.account(rows);
        assertThat(account.count(Kind.WRONG_VALUE)).isEqualTo(1);
        assertThat(account.count(Kind.ALIEN)).isEqualTo(2);
        assertThat(account.count(Kind.CORRUPT)).isEqualTo(1);
        assertThat(account.count(Kind.LOST)).as("a damaged row is no row").isEqualTo(1);
    }

    @Test
    void findsATornFile() throws Exception {
        Honest.write(folder, rows);
        Path torn = folder.resolve("part-100.json");
        String text = Files.readString(torn);
        Files.writeString(torn, text.substring(0, text.length() - 40));
        Account account = Honest.read(folder);
        assertThat(account.count(Kind.CORRUPT)).isEqualTo(1);
        assertThat(account.count(Kind.LOST)).isEqualTo(1);
    }

    /** A name that is used again: one file takes the place of another one. */
    @Test
    void findsAFileThatWasReplaced() throws Exception {
        Honest.write(folder, rows);
        Files.copy(
                folder.resolve("part-100.json"),
                folder.resolve("part-200.json"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Account account = Honest.read(folder);
        assertThat(account.count(Kind.LOST)).isEqualTo(100);
        assertThat(account.count(Kind.DOUBLED)).isEqualTo(100);
    }
}
