package io.solstice.stream.source;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** One task that reads a source, and what it found. Closing it checks that no memory is left. */
final class Reading implements SourceContext, AutoCloseable {
    private final RootAllocator memory = new RootAllocator();
    final List<String> skipped = new ArrayList<>();
    final List<Integer> batches = new ArrayList<>();

    /** At most so many batches of a split, from a position on. */
    List<Row> rows(Source source, Split split, long position, int most) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (SourceReader reader = source.open(split, position, this)) {
            for (int i = 0; i < most; i++) {
                Batch batch = reader.read();
                if (batch == null) {
                    break;
                }
                try (batch) {
                    batches.add(batch.rowCount());
                    rows.addAll(new RowReader(batch).rows());
                }
            }
        }
        return rows;
    }

    @Override
    public void close() {
        memory.close();
    }

    @Override
    public String jobId() {
        return "job";
    }

    @Override
    public String stageId() {
        return "source";
    }

    @Override
    public int taskIndex() {
        return 0;
    }

    @Override
    public BufferAllocator allocator() {
        return memory;
    }

    @Override
    public void skip(String place, String raw, Throwable why) {
        skipped.add(place + " " + raw);
    }
}
