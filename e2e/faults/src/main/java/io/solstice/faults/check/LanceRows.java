package io.solstice.faults.check;

import io.solstice.faults.workload.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.fragment.DataFile;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

/** The newest version of a Lance table, as a user reads it. */
public final class LanceRows {
    private LanceRows() {}

    /** What a version holds: for each data file, the rows of its fragment. */
    public record Content(long version, TreeMap<String, Long> files) {
        static Content nothing() {
            return new Content(0, new TreeMap<>());
        }
    }

    static boolean exists(Path table) {
        return Files.isDirectory(table.resolve("_versions"));
    }

    /** Nothing if there is no table. */
    public static Content content(Path table) {
        if (!exists(table)) {
            return Content.nothing();
        }
        try (BufferAllocator allocator = new RootAllocator();
                Dataset dataset = open(table, allocator)) {
            TreeMap<String, Long> files = new TreeMap<>();
            for (Fragment fragment : dataset.getFragments()) {
                for (DataFile file : fragment.metadata().getFiles()) {
                    files.put(file.getPath(), fragment.metadata().getNumRows());
                }
            }
            return new Content(dataset.version(), files);
        }
    }

    private static Dataset open(Path table, BufferAllocator allocator) {
        return Dataset.open().allocator(allocator).uri(table.toString()).build();
    }

    /** Reads all of it. */
    public static void read(Path table, Ledger ledger) throws IOException {
        if (!exists(table)) {
            return;
        }
        try (BufferAllocator allocator = new RootAllocator();
                Dataset dataset = open(table, allocator);
                LanceScanner scanner = dataset.newScan(
                        new ScanOptions.Builder().batchSize(8192).build());
                ArrowReader rows = scanner.scanBatches()) {
            long number = 0;
            while (rows.loadNextBatch()) {
                VectorSchemaRoot root = rows.getVectorSchemaRoot();
                for (int row = 0; row < root.getRowCount(); row++) {
                    ledger.add("row " + number++, row(root, row));
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            ledger.unreadable("scan", String.valueOf(unreadable.getMessage()));
        } catch (Exception unreadable) {
            throw new IOException(unreadable);
        }
    }

    private static OutputRow row(VectorSchemaRoot root, int row) {
        FieldVector payload = root.getVector("payload");
        byte[] text = ((VarCharVector) payload).get(row);
        Event event = new Event(
                number(root, "id", row),
                number(root, "part", row),
                number(root, "seq", row),
                number(root, "key", row),
                new String(text, StandardCharsets.UTF_8),
                number(root, "crc", row));
        return new OutputRow(event, number(root, "size", row), number(root, "nth", row));
    }

    private static long number(VectorSchemaRoot root, String column, int row) {
        return ((BigIntVector) root.getVector(column)).get(row);
    }
}
