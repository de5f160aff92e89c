package io.solstice.faults.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.connector.lance.LanceTables;
import io.solstice.exchange.batch.Batch;
import io.solstice.faults.workload.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real table with rows as defects would leave them. */
class LanceRowsTest {
    private static final List<String> NUMBERS = List.of("id", "part", "seq", "key", "crc", "size", "nth");

    @TempDir
    Path folder;

    private static Batch batch(BufferAllocator memory, List<OutputRow> rows) {
        List<FieldVector> vectors = new ArrayList<>();
        for (String name : NUMBERS) {
            BigIntVector vector =
                    new BigIntVector(new Field(name, FieldType.notNullable(new ArrowType.Int(64, true)), null), memory);
            for (int row = 0; row < rows.size(); row++) {
                vector.setSafe(row, number(rows.get(row), name));
            }
            vectors.add(vector);
        }
        VarCharVector payload =
                new VarCharVector(new Field("payload", FieldType.notNullable(ArrowType.Utf8.INSTANCE), null), memory);
        for (int row = 0; row < rows.size(); row++) {
            payload.setSafe(row, new Text(rows.get(row).event().payload()));
        }
        vectors.add(payload);
        vectors.forEach(vector -> vector.setValueCount(rows.size()));
        return Batch.of(new Schema(vectors.stream().map(FieldVector::getField).toList()), vectors, rows.size());
    }

    private static long number(OutputRow row, String name) {
        Event event = row.event();
        return switch (name) {
            case "id" -> event.id();
            case "part" -> event.part();
            case "seq" -> event.seq();
            case "key" -> event.key();
            case "crc" -> event.crc();
            case "size" -> row.size();
            default -> row.nth();
        };
    }

    private Account account(String name, List<OutputRow> rows) throws Exception {
        Path table = folder.resolve("output").resolve(name);
        try (BufferAllocator memory = new RootAllocator()) {
            Batch batch = batch(memory, rows);
            LanceTables.create(table, batch.schema(), List.of(batch).iterator());
        }
        Account account = new Account();
        Ledger ledger = new Ledger("table", Honest.SEED, Honest.PARTS, Honest.ROWS, account);
        LanceRows.read(table, ledger);
        ledger.close();
        assertThat(ledger.read()).isEqualTo(rows.size());
        return account;
    }

    @Test
    void accountsForEveryRowOfATable() throws Exception {
        List<OutputRow> rows = Honest.rows();
        assertThat(account("honest.lance", rows).counts()).isEmpty();
        List<OutputRow> twice =
                Stream.concat(rows.stream(), rows.subList(0, 50).stream()).toList();
        assertThat(account("twice.lance", twice).count(Kind.DOUBLED)).isEqualTo(50);
        assertThat(account("less.lance", rows.subList(0, 700)).count(Kind.LOST)).isEqualTo(100);
    }

    @Test
    void findsDataThatNoVersionNames() throws Exception {
        account("t.lance", Honest.rows());
        Path table = folder.resolve("output/t.lance");
        Files.writeString(table.resolve("data/unknown.lance"), "written, and never committed");
        Account account = new Account();
        Leftovers.check(folder.resolve("output"), List.of(folder.resolve("output/none")), table, false, account);
        assertThat(account.counts()).isEqualTo(Map.of(Kind.LEFT_BEHIND, 1));
    }
}
