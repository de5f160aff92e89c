package io.solstice.testing;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A sink that keeps rows for a test, with real two-step semantics: rows show in {@link #rows} only once the job has
 * committed them. Give the object itself to {@code Stage.sink("out", sink)}. Safe for many threads.
 */
public final class MemorySink implements Supplier<Sink> {
    private final Map<String, List<Row>> sealed = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Row> committed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger openWriters = new AtomicInteger();

    /** The committed rows; those of one task are in order, tasks follow each other. */
    public List<Row> rows() {
        return List.copyOf(committed);
    }

    /** What was sealed and neither committed nor discarded; empty after every job. */
    public int sealedAndForgotten() {
        return sealed.size();
    }

    /** Writers that were opened and not closed; 0 after every job. */
    public int openWriters() {
        return openWriters.get();
    }

    @Override
    public Sink get() {
        return new Sink() {
            @Override
            public SinkWriter open(SinkContext context) {
                openWriters.incrementAndGet();
                return new Writer(
                        context.runId() + "/" + context.stageId() + "/" + context.taskIndex() + "/" + context.epoch());
            }

            @Override
            public void commit(List<Committable> parts, SinkCommit which) {
                for (Committable part : parts) {
                    List<Row> rows = sealed.remove(part.payload());
                    if (rows != null) {
                        committed.addAll(rows);
                    }
                }
            }

            @Override
            public void discard(List<Committable> parts) {
                parts.forEach(part -> sealed.remove(part.payload()));
            }
        };
    }

    private final class Writer implements SinkWriter {
        private final String name;
        private final List<Row> rows = new ArrayList<>();

        Writer(String name) {
            this.name = name;
        }

        @Override
        public void write(Batch batch) {
            rows.addAll(new RowReader(batch).rows());
        }

        @Override
        public @Nullable String seal() {
            sealed.put(name, rows);
            return name;
        }

        @Override
        public void close() {
            openWriters.decrementAndGet();
        }
    }
}
