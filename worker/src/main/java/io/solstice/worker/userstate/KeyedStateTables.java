package io.solstice.worker.userstate;

import io.solstice.api.operator.OperatorContext;
import io.solstice.api.row.Row;
import io.solstice.api.row.ValueReader;
import io.solstice.api.row.ValueWriter;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.StateTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What is kept, as tables with a row for each key: its columns, for each state one of its name after {@value #STATE}, and
 * one after {@value #WRITTEN} if it expires, its moments in {@value #TIMERS} and {@value #CLOCK_TIMERS}, and
 * {@value #GONE} for a key of which nothing is left. A row takes the place of all that tables before it say of its key.
 */
public final class KeyedStateTables {
    private static final String TIMERS = "solstice:timers";
    private static final String CLOCK_TIMERS = "solstice:clock_timers";
    private static final String GONE = "solstice:gone";
    private static final String STATE = "state:";
    private static final String WRITTEN = "written:";
    private static final ArrowType WHOLE = new ArrowType.Int(64, true);

    private final KeyedStates states;
    private List<String> keys = List.of();
    /** Of the columns of the key, once rows have shown them. */
    private @Nullable Schema keySchema;

    private @Nullable Schema seen;
    private String place = "";

    public KeyedStateTables(KeyedStates states) {
        this.states = states;
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
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            columns.put(keys.get(i), key.value(i));
        }
        return Row.ofMap(columns);
    }

    /**
     * A table of what is kept for some keys, of which some may be gone.
     *
     * @param metadata of its schema
     */
    Batch write(List<StateKey> some, Map<String, String> metadata, BufferAllocator allocator) {
        @Nullable Kept[] kept = new Kept[some.size()];
        for (int row = 0; row < kept.length; row++) {
            kept[row] = states.table().get(some.get(row));
        }
        Columns columns = new Columns(some.size(), allocator);
        try {
            List<Field> keyFields =
                    Objects.requireNonNull(keySchema, "no row came").getFields();
            for (int i = 0; i < keyFields.size(); i++) {
                int column = i;
                columns.add(keyFields.get(i), row -> some.get(row).value(column));
            }
            for (Slot slot : states.slots()) {
                addState(columns, slot, kept);
            }
            columns.addIfAny(moments(TIMERS), row -> moments(kept[row], false));
            columns.addIfAny(moments(CLOCK_TIMERS), row -> moments(kept[row], true));
            Field gone = new Field(GONE, FieldType.nullable(ArrowType.Bool.INSTANCE), null);
            columns.addIfAny(gone, row -> kept[row] == null ? true : null);
            return columns.table(metadata);
        } catch (RuntimeException | Error failure) {
            columns.drop();
            throw failure;
        }
    }

    private static void addState(Columns columns, Slot slot, @Nullable Kept[] kept) {
        IntFunction<@Nullable Object> value = row -> {
            Kept of = kept[row];
            return of == null ? null : of.values[slot.index()];
        };
        List<Object> all = new ArrayList<>(kept.length);
        for (Kept of : kept) {
            Object known = of == null ? null : of.values[slot.index()];
            if (known != null) {
                all.add(known);
            }
        }
        if (all.isEmpty()) {
            return;
        }
        columns.add(StateTypes.commonOf(STATE + slot.name(), all), value);
        if (!slot.ttl().isNever()) {
            Field written = new Field(WRITTEN + slot.name(), FieldType.nullable(WHOLE), null);
            columns.add(written, row -> {
                Kept of = kept[row];
                return of == null || of.values[slot.index()] == null ? null : of.written[slot.index()];
            });
        }
    }

    private static @Nullable List<Long> moments(@Nullable Kept kept, boolean clock) {
        Moments moments = kept == null ? null : kept.moments(clock);
        return moments == null || moments.isEmpty() ? null : moments.toList();
    }

    private static Field moments(String name) {
        Field each = new Field("item", FieldType.nullable(WHOLE), null);
        return new Field(name, FieldType.nullable(ArrowType.List.INSTANCE), List.of(each));
    }

    /** The columns of a table in the making. */
    private static final class Columns {
        private final int rows;
        private final BufferAllocator allocator;
        private final List<FieldVector> vectors = new ArrayList<>();

        Columns(int rows, BufferAllocator allocator) {
            this.rows = rows;
            this.allocator = allocator;
        }

        void add(Field field, IntFunction<@Nullable Object> values) {
            FieldVector vector = field.createVector(allocator);
            vectors.add(vector);
            vector.setInitialCapacity(rows);
            vector.allocateNew();
            ValueWriter writer = ValueWriter.of(vector);
            for (int row = 0; row < rows; row++) {
                writer.write(row, values.apply(row));
            }
            vector.setValueCount(rows);
        }

        void addIfAny(Field field, IntFunction<@Nullable Object> values) {
            for (int row = 0; row < rows; row++) {
                if (values.apply(row) != null) {
                    add(field, values);
                    return;
                }
            }
        }

        Batch table(Map<String, String> metadata) {
            List<Field> fields = vectors.stream().map(FieldVector::getField).toList();
            return Batch.of(new Schema(fields, metadata), vectors, rows);
        }

        void drop() {
            vectors.forEach(FieldVector::close);
        }
    }

    /**
     * Takes back a table.
     *
     * @param part that all keys should be of, or negative
     * @return whether they are
     */
    boolean load(Batch table, int part) {
        seen(table.schema());
        Map<Slot, Stored> slots = slots(table);
        ValueReader[] keyReaders = keys.stream().map(key -> reader(table, key)).toArray(ValueReader[]::new);
        ValueReader timers = readerIfAny(table, TIMERS);
        ValueReader clockTimers = readerIfAny(table, CLOCK_TIMERS);
        ValueReader gone = readerIfAny(table, GONE);
        long now = states.now();
        boolean fits = true;
        for (int row = 0; row < table.rowCount(); row++) {
            @Nullable Object[] values = new Object[keyReaders.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = keyReaders[i].read(row);
            }
            StateKey key = new StateKey(values);
            fits &= part < 0 || KeyTable.part(key) == part;
            if (gone != null && gone.read(row) != null) {
                states.load(key, null);
                continue;
            }
            Kept kept = new Kept(states.slots().size());
            for (Map.Entry<Slot, Stored> slot : slots.entrySet()) {
                slot.getValue().into(kept, slot.getKey(), row, now);
            }
            addMoments(kept, timers, row, false);
            addMoments(kept, clockTimers, row, true);
            states.load(key, kept);
        }
        return fits;
    }

    /** How many of the columns of a table are the key's; all of them if it is no table of keyed state. */
    static int keyColumns(List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (areMoments(name) || name.equals(GONE) || name.startsWith(STATE) || name.startsWith(WRITTEN)) {
                return i;
            }
        }
        return names.size();
    }

    static boolean isGone(Row row) {
        return row.has(GONE) && row.get(GONE) != null;
    }

    static boolean areMoments(String name) {
        return name.equals(TIMERS) || name.equals(CLOCK_TIMERS);
    }

    /** What people know a column as; null for one that only the engine needs. */
    static @Nullable String shownAs(String name) {
        if (areMoments(name)) {
            return name.substring(name.indexOf(':') + 1);
        } else if (name.startsWith(STATE)) {
            return name.substring(STATE.length());
        }
        return name.equals(GONE) || name.startsWith(WRITTEN) ? null : name;
    }

    private static void addMoments(Kept kept, @Nullable ValueReader moments, int row, boolean clock) {
        if (moments != null && moments.read(row) instanceof List<?> all) {
            all.forEach(moment -> kept.momentsToAddTo(clock).add((Long) moment));
        }
    }

    private static ValueReader reader(Batch table, String name) {
        return ValueReader.of(table.column(Batch.indexOf(table.schema(), name)));
    }

    private static @Nullable ValueReader readerIfAny(Batch table, String name) {
        return table.schema().getFields().stream()
                        .anyMatch(field -> field.getName().equals(name))
                ? reader(table, name)
                : null;
    }

    /** A state in a table. */
    private record Stored(ValueReader values, @Nullable ValueReader written) {
        void into(Kept kept, Slot slot, int row, long now) {
            Object value = values.read(row);
            if (value != null) {
                kept.values[slot.index()] = restored(slot, value);
                // State that did not expire before begins its time now.
                Object when = written == null ? null : written.read(row);
                kept.written[slot.index()] = when instanceof Long millis ? millis : now;
            }
        }

        private static Object restored(Slot slot, Object value) {
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
    }

    /** By the names of their columns. A state that the operator does not name any more is refused. */
    private Map<Slot, Stored> slots(Batch table) {
        Map<Slot, Stored> found = new LinkedHashMap<>();
        for (Field field : table.schema().getFields()) {
            if (field.getName().startsWith(STATE)) {
                String name = field.getName().substring(STATE.length());
                Slot slot = states.slots().stream()
                        .filter(known -> known.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> unnamed(name));
                found.put(slot, new Stored(reader(table, field.getName()), readerIfAny(table, WRITTEN + name)));
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
