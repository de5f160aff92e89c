package io.solstice.worker.userstate;

import io.solstice.api.operator.OperatorContext;
import io.solstice.api.row.Row;
import io.solstice.api.row.ValueReader;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.StateTypes;
import io.solstice.worker.keyed.GroupTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private final List<Slot> slots;
    private final Clock clock;
    /** By slot what its columns have held so far, so that tables have equal columns and can be put together. */
    private final Map<Slot, Field> known = new HashMap<>();

    private final Set<String> used = new HashSet<>();
    private List<String> keys = List.of();
    private List<Field> keyFields = List.of();
    private @Nullable Schema seen;
    private String place = "";
    private long since;

    KeyedStateTables(List<Slot> slots, Clock clock) {
        this.slots = slots;
        this.clock = clock;
    }

    void opened(OperatorContext context) {
        keys = context.keyColumns();
        place = "stage '" + context.stageId() + "', task " + context.taskIndex();
        since = clock.wallMillis();
    }

    /** For keys whose columns have these names. */
    void keyed(List<String> columns) {
        keys = columns;
    }

    /** The states that the operator has named so far. */
    List<Slot> allSlots() {
        return slots;
    }

    /** The task, for messages. */
    String place() {
        return place;
    }

    /** When state that did not expire before begins its time, in milliseconds. */
    long since() {
        return since;
    }

    /** How many states there are. */
    int slots() {
        return slots.size();
    }

    List<String> keys() {
        return keys;
    }

    /** The columns of the key; empty before rows have shown them. */
    List<Field> keyFields() {
        return keyFields;
    }

    /** Rows of this schema come. Their keys must be of the types of those that have come before. */
    void seen(Schema schema) {
        if (schema == seen) {
            return;
        }
        List<Field> fields = new ArrayList<>();
        for (String key : keys) {
            fields.add(withoutViews(schema.getFields().get(Batch.indexOf(schema, key))));
        }
        for (int i = 0; i < keyFields.size(); i++) {
            ArrowType before = keyFields.get(i).getType();
            ArrowType now = fields.get(i).getType();
            if (!before.equals(now)) {
                throw ErrorCode.STATE_UNFIT
                        .error("key column '" + keys.get(i) + "' has another type than in the state")
                        .where(place)
                        .cause("the state has " + before + ", the rows have " + now)
                        .help("give the column the type that it had, or begin without the state")
                        .toException();
            }
        }
        seen = schema;
        keyFields = fields;
    }

    /** The columns of the keys, as a store had them. */
    void seenKeys(Schema columns) {
        for (String key : keys) {
            if (columns.getFields().stream().noneMatch(field -> field.getName().equals(key))) {
                throw ErrorCode.STATE_UNFIT
                        .error("the state is by other columns than the rows")
                        .where(place)
                        .cause("the state is by "
                                + columns.getFields().stream()
                                        .map(Field::getName)
                                        .toList() + ", the rows by " + keys)
                        .help("divide the rows by the columns that they were divided by, or begin without the state")
                        .toException();
            }
        }
        seen(columns);
    }

    /** Texts lie in the tables themselves, so that a table can be moved to a file. */
    private static Field withoutViews(Field field) {
        ArrowType type = field.getType();
        if (type instanceof ArrowType.Utf8View || type instanceof ArrowType.BinaryView) {
            ArrowType own = type instanceof ArrowType.Utf8View ? ArrowType.Utf8.INSTANCE : ArrowType.Binary.INSTANCE;
            return new Field(field.getName(), new FieldType(field.isNullable(), own, null), List.of());
        }
        return field;
    }

    /** Whether some of what is kept goes with time. */
    boolean expires() {
        return slots.stream().anyMatch(slot -> !slot.ttl().isNever());
    }

    long nowMillis() {
        return clock.wallMillis();
    }

    /** What was written until then has become too old, if it is of states that expire. */
    long allExpiredBefore() {
        long longest = slots.stream()
                .filter(slot -> !slot.ttl().isNever())
                .mapToLong(slot -> slot.ttl().after().toMillis())
                .max()
                .orElseThrow();
        return clock.wallMillis() - longest;
    }

    boolean isTooOld(Slot slot, Kept kept) {
        return !slot.ttl().isNever()
                && clock.wallMillis() - kept.written[slot.index()]
                        >= slot.ttl().after().toMillis();
    }

    boolean hasTooOld(Kept kept) {
        for (Slot slot : slots) {
            if (kept.values[slot.index()] != null && isTooOld(slot, kept)) {
                return true;
            }
        }
        return false;
    }

    /** Without what has become too old; null if that is all. */
    @Nullable
    Kept young(Kept kept) {
        for (Slot slot : slots) {
            if (isTooOld(slot, kept)) {
                kept.values[slot.index()] = null;
            }
        }
        return kept.isEmpty() ? null : kept;
    }

    /**
     * A table of what is kept for some keys.
     *
     * @param groups that the keys are of
     * @param some the keys, of which those from {@code from} on are written
     * @param kept by place in {@code some}; null for a key that is gone
     */
    Batch write(GroupTable groups, int[] some, @Nullable Kept[] kept, int from, int count, BufferAllocator allocator) {
        TableColumns columns = new TableColumns(count, allocator);
        try {
            columns.addKeys(keyFields, groups, some, from);
            for (Slot slot : slots) {
                addState(columns, slot, kept, from, count);
            }
            addIfUsed(columns, moments(TIMERS), row -> moments(kept[from + row], false));
            addIfUsed(columns, moments(CLOCK_TIMERS), row -> moments(kept[from + row], true));
            Field gone = new Field(GONE, FieldType.nullable(ArrowType.Bool.INSTANCE), null);
            addIfUsed(columns, gone, row -> kept[from + row] == null ? true : null);
            return columns.table();
        } catch (RuntimeException | Error failure) {
            columns.drop();
            throw failure;
        }
    }

    private void addState(TableColumns columns, Slot slot, @Nullable Kept[] kept, int from, int count) {
        IntFunction<@Nullable Object> value = row -> {
            Kept of = kept[from + row];
            return of == null ? null : of.values[slot.index()];
        };
        List<Object> all = new ArrayList<>(count);
        for (int row = 0; row < count; row++) {
            Object content = value.apply(row);
            if (content != null) {
                all.add(content);
            }
        }
        Field field = all.isEmpty() ? known.get(slot) : StateTypes.commonOf(STATE + slot.name(), all);
        if (field == null) {
            return;
        }
        field = StateTypes.wider(field, known.getOrDefault(slot, field)).orElse(field);
        known.put(slot, field);
        columns.add(field, value);
        if (!slot.ttl().isNever()) {
            Field written = new Field(WRITTEN + slot.name(), FieldType.nullable(WHOLE), null);
            columns.add(written, row -> {
                Kept of = kept[from + row];
                return of == null || of.values[slot.index()] == null ? null : of.written[slot.index()];
            });
        }
    }

    /** A column that a table once had, all later ones have. */
    private void addIfUsed(TableColumns columns, Field field, IntFunction<@Nullable Object> values) {
        if (used.contains(field.getName()) || columns.hasAny(values)) {
            used.add(field.getName());
            columns.add(field, values);
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

    /** The columns of the key in a table or a batch. */
    FieldVector[] keyColumns(Batch table) {
        return keys.stream().map(table::column).toArray(FieldVector[]::new);
    }

    /** Reads a table, by the names of its columns. A state that the operator does not name any more is refused. */
    SavedStates read(Batch table) {
        SavedStates.@Nullable Column[] columns = new SavedStates.@Nullable Column[slots.size()];
        for (Field field : table.schema().getFields()) {
            if (field.getName().startsWith(STATE)) {
                String name = field.getName().substring(STATE.length());
                Slot slot = slots.stream()
                        .filter(candidate -> candidate.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> unnamed(name));
                SavedStates.Column column = new SavedStates.Column(
                        slot, reader(table, field.getName()), readerIfAny(table, WRITTEN + name));
                column.check(table.rowCount());
                columns[slot.index()] = column;
                known.merge(
                        slot,
                        field,
                        (one, other) -> StateTypes.wider(one, other).orElse(other));
            } else if (!field.getName().startsWith(WRITTEN)) {
                used.add(field.getName());
            }
        }
        return new SavedStates(
                columns,
                readerIfAny(table, TIMERS),
                readerIfAny(table, CLOCK_TIMERS),
                readerIfAny(table, GONE),
                clock.wallMillis());
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

    private static ValueReader reader(Batch table, String name) {
        return ValueReader.of(table.column(Batch.indexOf(table.schema(), name)));
    }

    private static @Nullable ValueReader readerIfAny(Batch table, String name) {
        return table.schema().getFields().stream()
                        .anyMatch(field -> field.getName().equals(name))
                ? reader(table, name)
                : null;
    }

    private SolsticeException unnamed(String name) {
        List<String> known = slots.stream().map(Slot::name).toList();
        return ErrorCode.STATE_UNFIT
                .error("the checkpoint has a state '" + name + "', which the operator does not name")
                .where(place)
                .cause("it names " + known)
                .help(NearestName.help(name, known))
                .toException();
    }
}
