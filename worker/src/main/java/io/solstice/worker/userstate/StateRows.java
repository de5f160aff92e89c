package io.solstice.worker.userstate;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.store.OwnFolder;
import io.solstice.worker.store.StateHome;
import io.solstice.worker.store.StoreFiles;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * The state of one task as people read it: of state by key the newest row of each key, the columns named like the states,
 * and the moments as times; other tables as they are.
 */
public final class StateRows {
    private final Map<List<@Nullable Object>, Row> byKey = new LinkedHashMap<>();
    private final List<Row> others = new ArrayList<>();
    private final BufferAllocator allocator;
    /** Of a state in a store, until all have come. */
    private @Nullable LoadedFiles files;

    /** @param allocator for what is read */
    public StateRows(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /** Adds a table, after those that it follows in the state. */
    public void add(Batch table) {
        StoreFiles of = StoreFiles.of(table);
        if (of != null) {
            LoadedFiles come = files == null ? new LoadedFiles(folder(), allocator) : files;
            files = come;
            come.take(of, table);
            return;
        }
        List<String> names =
                table.schema().getFields().stream().map(Field::getName).toList();
        int keys = KeyedStateTables.keyColumns(names);
        for (Row row : new RowReader(table).rows()) {
            if (keys == names.size()) {
                others.add(row);
                continue;
            }
            List<@Nullable Object> key = new ArrayList<>();
            for (String name : names.subList(0, keys)) {
                Object value = row.get(name);
                key.add(value instanceof byte[] bytes ? Arrays.toString(bytes) : value);
            }
            if (KeyedStateTables.isGone(row)) {
                byKey.remove(key);
            } else {
                byKey.put(key, shown(row));
            }
        }
    }

    private static Row shown(Row row) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        for (String name : row.names()) {
            String as = KeyedStateTables.shownAs(name);
            Object value = row.get(name);
            if (as != null) {
                shown.put(as, as.equals(name) || !(value instanceof List<?> list) ? value : moments(name, list));
            }
        }
        return Row.ofMap(shown);
    }

    private static Object moments(String name, List<?> values) {
        return KeyedStateTables.areMoments(name)
                ? values.stream()
                        .map(micros -> Instant.EPOCH.plus((Long) micros, ChronoUnit.MICROS))
                        .toList()
                : values;
    }

    private static OwnFolder folder() {
        return OwnFolder.below(StateHome.temporaryWork().resolve("reading"), "state");
    }

    /** In no order that can be relied on. */
    public List<Row> rows() {
        try (LoadedFiles come = files) {
            files = null;
            if (come != null) {
                come.forEach((task, table) -> add(table));
            }
        } catch (Exception failure) {
            throw SolsticeException.of(failure);
        }
        List<Row> rows = new ArrayList<>(byKey.values());
        rows.addAll(others);
        return rows;
    }
}
