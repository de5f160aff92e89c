package io.solstice.connector.lance;

import java.util.List;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.lance.Fragment;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

/**
 * The rows of one fragment from a position on, as a row of scans that each read one window. With a filter there is one
 * window, because Lance counts only rows that pass.
 */
final class FragmentScan implements AutoCloseable {
    /** Pieces that Lance decodes ahead. */
    private static final int READAHEAD = 2;

    private final LanceTable table;
    private final ScanOptions options;
    private final long windowRows;
    private final long end;
    private long next;
    private @Nullable LanceScanner scanner;
    private @Nullable ArrowReader rows;

    FragmentScan(
            LanceTable table, int fragmentId, Schema delivered, @Nullable String filter, int batchSize, long position) {
        Fragment fragment = table.dataset().getFragment(fragmentId);
        ScanPlan plan = ScanPlan.of(fragment.metadata(), delivered, batchSize);
        ScanOptions.Builder read = new ScanOptions.Builder()
                .fragmentIds(List.of(fragmentId))
                .columns(delivered.getFields().stream().map(Field::getName).toList())
                .batchSize(plan.pieceRows())
                .batchReadahead(READAHEAD);
        if (filter != null) {
            read.filter(filter);
        }
        this.table = table;
        this.options = read.build();
        this.next = position;
        this.end = fragment.metadata().getNumRows();
        this.windowRows = filter == null ? plan.windowRows() : Math.max(1, end - position);
    }

    /** Loads rows into the reader that is returned, which stays owned here; null at the end. */
    @Nullable
    ArrowReader load() throws Exception {
        while (rows != null || next < end) {
            if (rows == null) {
                openWindow();
            } else if (rows.loadNextBatch()) {
                return rows;
            } else {
                close();
            }
        }
        return null;
    }

    private void openWindow() {
        ScanOptions.Builder window = new ScanOptions.Builder(options);
        if (next > 0) {
            window.offset(next);
        }
        if (windowRows < end - next) {
            window.limit(windowRows);
        }
        scanner = table.dataset().newScan(window.build());
        next += windowRows;
        rows = scanner.scanBatches();
    }

    @Override
    public void close() throws Exception {
        try (LanceScanner closing = scanner;
                ArrowReader closingFirst = rows) {
            scanner = null;
            rows = null;
        }
    }
}
