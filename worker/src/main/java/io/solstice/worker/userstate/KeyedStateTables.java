package io.solstice.worker.userstate;

import io.solstice.api.operator.OperatorContext;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import io.solstice.spi.StateTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * States and timers as tables: one with a row for each key, its columns, {@value #WATERMARK}, and for each state one of
 * its name after {@value #STATE}, and one after {@value #WRITTEN} if it expires; and one with a row for each timer, whose
 * moment is in {@value #TIMER} or {@value #CLOCK_TIMER}.
 */
public final class KeyedStateTables {
    private static final String WATERMARK = "solstice:watermark";
    private static final String TIMER = "solstice:timer";
    private static final String CLOCK_TIMER = "solstice:clock_timer";
    private static final String STATE = "state:";
    private static final String WRITTEN = "written:";
    private static final ArrowType WHOLE = new ArrowType.Int(64, true);

    private final KeyedStates states;
    private final KeyTimers timers;
    private final KeyTimers clockTimers;
    private List<String> keys = List.of();
    /** Of the columns of the key, once rows have shown them. */
    private @Nullable Schema keySchema;

    private @Nullable Schema seen;
    private String place = "";

    public KeyedStateTables(KeyedStates states, KeyTimers timers, KeyTimers clockTimers) {
        this.states = states;
        this.timers = timers;
        this.clockTimers = clockTimers;
    }

    public void opened(OperatorContext context) {
        keys = context.keyColumns();
        place = "stage '" + context.stageId() + "', task " + context.taskIndex();
    }

    /** Rows of this schema come. */
    public void seen(Schema schema) {
        if (schema != seen) {
            seen = schema;
            List<Field> fields = new ArrayList<>();
            for (String key : keys) {
                fields.add(schema.getFields().get(Batch.indexOf(schema, key)));
            }
            keySchema = new Schema(fields);
        }
    }

    public StateKey key(Row row) {
        return new StateKey(row, keys);
    }

    public Row row(StateKey key) {
        return Row.ofMap(columns(key));
    }

    private Map<String, @Nullable Object> columns(StateKey key) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            columns.put(keys.get(i), key.value(i));
        }
        return columns;
    }

    public List<Batch> copy(long watermark, BufferAllocator allocator) {
        List<Batch> tables = new ArrayList<>();
        try {
            addStates(tables, watermark, allocator);
            addTimers(tables, TIMER, timers, watermark, allocator);
            addTimers(tables, CLOCK_TIMER, clockTimers, watermark, allocator);
            return tables;
        } catch (RuntimeException | Error failure) {
            tables.forEach(Batch::close);
            throw failure;
        }
    }

    private void addStates(List<Batch> to, long watermark, BufferAllocator allocator) {
        Chunk chunk = new Chunk(to, watermark, allocator);
        states.forEach((key, slot, value, written) -> {
            chunk.begin(key);
            chunk.put(STATE + slot.name(), value);
            if (!slot.ttl().isNever()) {
                chunk.put(WRITTEN + slot.name(), written);
            }
        });
        chunk.end();
    }

    private void addTimers(List<Batch> to, String name, KeyTimers from, long watermark, BufferAllocator allocator) {
        Chunk chunk = new Chunk(to, watermark, allocator);
        from.forEach((key, micros) -> {
            chunk.begin(key);
            chunk.put(name, micros);
            chunk.closeRow();
        });
        chunk.end();
    }

    private static Field whole(String name) {
        return new Field(name, FieldType.nullable(WHOLE), null);
    }

    /**
     * Gathers rows of one kind and ends a table at {@value #ROWS} of them, since rows of maps need many times the memory
     * of columns.
     */
    private final class Chunk {
        private static final int ROWS = 1 << 16;

        private final List<Batch> tables;
        private final long watermark;
        private final BufferAllocator allocator;
        private final List<Row> rows = new ArrayList<>();
        private final Map<String, List<Object>> values = new TreeMap<>();
        private @Nullable StateKey key;
        private Map<String, @Nullable Object> row = Map.of();

        Chunk(List<Batch> tables, long watermark, BufferAllocator allocator) {
            this.tables = tables;
            this.watermark = watermark;
            this.allocator = allocator;
        }

        /** What is put from now on belongs to this key; a key that comes again at once goes on with its row. */
        void begin(StateKey next) {
            if (next == key) {
                return;
            }
            closeRow();
            if (rows.size() == ROWS) {
                end();
            }
            key = next;
            row = columns(next);
            row.put(WATERMARK, watermark);
        }

        void put(String column, Object value) {
            row.put(column, value);
            values.computeIfAbsent(column, none -> new ArrayList<>()).add(value);
        }

        void closeRow() {
            if (key != null) {
                rows.add(Row.ofMap(row));
                key = null;
            }
        }

        void end() {
            closeRow();
            if (rows.isEmpty()) {
                return;
            }
            List<Field> fields = new ArrayList<>(
                    Objects.requireNonNull(keySchema, "no row came").getFields());
            fields.add(whole(WATERMARK));
            values.forEach((name, all) -> fields.add(StateTypes.commonOf(name, all)));
            tables.add(new RowWriter(new Schema(fields)).write(rows, allocator));
            rows.clear();
            values.clear();
        }
    }

    /** @return the watermark that the operator knew */
    public long load(Batch table) {
        seen(table.schema());
        Map<String, Slot> slots = slots(table.schema());
        long watermark = Watermark.NONE;
        for (Row row : new RowReader(table).rows()) {
            StateKey key = key(row);
            watermark = Math.max(watermark, row.getLong(WATERMARK));
            if (row.has(TIMER)) {
                timers.set(key, row.getLong(TIMER));
            } else if (row.has(CLOCK_TIMER)) {
                clockTimers.set(key, row.getLong(CLOCK_TIMER));
            }
            slots.forEach((column, slot) -> load(row, key, column, slot));
        }
        return watermark;
    }

    private void load(Row row, StateKey key, String column, Slot slot) {
        Object value = row.get(column);
        if (value != null) {
            String written = WRITTEN + slot.name();
            boolean dated = row.has(written) && row.get(written) != null;
            // State that did not expire before begins its time now.
            states.put(key, slot, restored(slot, value), dated ? row.getLong(written) : states.now());
        }
    }

    private Object restored(Slot slot, Object value) {
        return switch (slot.kind()) {
            case VALUE -> slot.checked(slot.type(), value);
            case LIST -> {
                List<Object> list = new ArrayList<>();
                for (Object item : (List<?>) slot.checked(List.class, value)) {
                    list.add(slot.checked(slot.type(), item));
                }
                yield list;
            }
            case MAP -> {
                Map<String, Object> map = new TreeMap<>();
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) slot.checked(Map.class, value)).entrySet()) {
                    map.put(String.valueOf(entry.getKey()), slot.checked(slot.type(), entry.getValue()));
                }
                yield map;
            }
        };
    }

    /** By the names of their columns. A state that the operator does not name any more is refused. */
    private Map<String, Slot> slots(Schema schema) {
        Map<String, Slot> found = new LinkedHashMap<>();
        for (Field field : schema.getFields()) {
            if (field.getName().startsWith(STATE)) {
                String name = field.getName().substring(STATE.length());
                found.put(
                        field.getName(),
                        states.slots().stream()
                                .filter(slot -> slot.name().equals(name))
                                .findFirst()
                                .orElseThrow(() -> unnamed(name)));
            }
        }
        return found;
    }

    private SolsticeException unnamed(String name) {
        List<String> known = states.slots().stream().map(Slot::name).toList();
        return ErrorCode.STATE_UNFIT
                .error("the checkpoint has a state '" + name + "', which the operator does not name")
                .where(place)
                .cause("it names " + known)
                .help(NearestName.help(name, known))
                .toException();
    }
}
