package io.solstice.faults.check;

import io.solstice.faults.workload.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Output as a job without a defect leaves it; tests then do to it what a defect would. */
final class Honest {
    static final long SEED = 17;
    static final int PARTS = 2;
    static final int ROWS = 400;
    private static final int ROWS_OF_A_FILE = 100;

    private Honest() {}

    /** All rows, in one of the orders that they may come in. */
    static List<OutputRow> rows() {
        List<OutputRow> rows = new ArrayList<>();
        Map<Long, Long> counts = new HashMap<>();
        for (long seq = 0; seq < ROWS; seq++) {
            for (long part = 0; part < PARTS; part++) {
                Event event = Event.of(SEED, part, seq);
                rows.add(new OutputRow(event, event.payload().length(), counts.merge(event.key(), 1L, Long::sum)));
            }
        }
        return rows;
    }

    /** What is found in rows that are all the output there is. */
    static Account account(List<OutputRow> rows) {
        Account account = new Account();
        Ledger ledger = new Ledger("rows", SEED, PARTS, ROWS, account);
        rows.forEach(row -> ledger.add("row", row));
        ledger.close();
        return account;
    }

    static void write(Path folder, List<OutputRow> rows) throws IOException {
        Files.createDirectories(folder);
        for (int from = 0; from < rows.size(); from += ROWS_OF_A_FILE) {
            List<String> lines = rows.subList(from, Math.min(rows.size(), from + ROWS_OF_A_FILE)).stream()
                    .map(Honest::json)
                    .toList();
            Files.write(folder.resolve("part-" + from + ".json"), lines);
        }
    }

    static String json(OutputRow row) {
        Event event = row.event();
        return "{\"id\":" + event.id() + ",\"part\":" + event.part() + ",\"seq\":" + event.seq() + ",\"key\":"
                + event.key() + ",\"payload\":\"" + event.payload() + "\",\"crc\":" + event.crc() + ",\"size\":"
                + row.size() + ",\"nth\":" + row.nth() + "}";
    }

    /** What is found in files. */
    static Account read(Path folder) throws IOException {
        Account account = new Account();
        Ledger ledger = new Ledger("files", SEED, PARTS, ROWS, account);
        JsonFiles.read(folder, ledger);
        ledger.close();
        return account;
    }
}
