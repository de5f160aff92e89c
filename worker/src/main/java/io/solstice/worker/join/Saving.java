package io.solstice.worker.join;

import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a checkpoint has of a join's rows, as it is put together: tables, some of which are stored already. */
final class Saving implements AutoCloseable {
    private final Set<Object> stored;
    private final List<Part> parts = new ArrayList<>();

    /**
     * @param name by which later checkpoints may name it; null if they do not
     * @param table null if it is stored
     */
    record Part(@Nullable Object name, @Nullable Batch table) {}

    /** @param stored names of what need not be written */
    Saving(Set<Object> stored) {
        this.stored = stored;
    }

    boolean isStored(Object name) {
        return stored.contains(name);
    }

    void addStored(Object name) {
        parts.add(new Part(name, null));
    }

    /** Takes over the table. */
    void add(@Nullable Object name, Batch table) {
        parts.add(new Part(name, table));
    }

    /** In the order in which they are to be loaded; the tables become the caller's. */
    List<Part> parts() {
        return parts;
    }

    /** Closes what has not become anybody's. */
    @Override
    public void close() {
        for (Part part : parts) {
            if (part.table() != null) {
                part.table().close();
            }
        }
    }
}
