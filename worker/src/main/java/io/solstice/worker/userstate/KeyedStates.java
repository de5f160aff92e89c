package io.solstice.worker.userstate;

import io.solstice.api.operator.OperatorContext;
import io.solstice.api.row.Row;
import io.solstice.api.state.ListState;
import io.solstice.api.state.MapState;
import io.solstice.api.state.StateTtl;
import io.solstice.api.state.States;
import io.solstice.api.state.ValueState;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.StateStore;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.store.OwnFolder;
import io.solstice.worker.store.StateHome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** What an operator keeps for its keys: for each key one place for each state. Used by the task's thread. */
public final class KeyedStates implements States, AutoCloseable {
    private static final int NO_KEY = -1;

    private final Clock clock;
    private final List<Slot> slots = new ArrayList<>();
    private final KeyedStateTables tables;
    private final KeyTable.Sizes sizes;
    private @Nullable Opened opened;
    private int current = NO_KEY;

    public KeyedStates(Clock clock) {
        this(clock, KeyTable.Sizes.DEFAULT);
    }

    KeyedStates(Clock clock, KeyTable.Sizes sizes) {
        this.clock = clock;
        this.tables = new KeyedStateTables(slots, clock);
        this.sizes = sizes;
    }

    /** What there is from the opening on. */
    private record Opened(
            KeyTable table, KeyTimers timers, KeyTimers clockTimers, BufferAllocator memory, StateHome home) {}

    /** Called before the states are declared. */
    public void opened(OperatorContext context) {
        tables.opened(context);
        BufferAllocator memory = context.allocator();
        StateHome.Owner owner = context instanceof StateHome.Owner own ? own : StateHome::temporary;
        StateHome home = owner.stateHome();
        StateStore store = home.policy().store();
        KeyTable table = store.isStored()
                ? new StoreTable(tables, sizes, home, memory)
                : new ColumnTable(tables, sizes, store != StateStore.MEMORY);
        owner.keeps(table.use());
        opened = new Opened(table, new KeyTimers(table, false), new KeyTimers(table, true), memory, home);
    }

    private Opened open() {
        Opened known = opened;
        if (known == null) {
            throw new IllegalStateException("it is used before it was opened");
        }
        return known;
    }

    BufferAllocator allocator() {
        return open().memory();
    }

    /** A folder for files that are read once. */
    OwnFolder passingFolder() {
        return open().home().folder("restoring");
    }

    List<Slot> slots() {
        return slots;
    }

    KeyTable table() {
        return open().table();
    }

    /** Those of event time. */
    public KeyTimers timers() {
        return open().timers();
    }

    /** Those of the clock of the machine. */
    public KeyTimers clockTimers() {
        return open().clockTimers();
    }

    /** The keys of a batch's rows, by number; valid until the next call, which may give keys other numbers. */
    public int[] keys(Batch batch) {
        Opened own = open();
        int[] renumbered = own.table().forgetKeys();
        if (renumbered != null) {
            own.timers().renumber(renumbered);
            own.clockTimers().renumber(renumbered);
        }
        return own.table().numbers(batch);
    }

    /** A key as a row of its columns. */
    public Row key(int key) {
        return table().key(key, allocator());
    }

    /** From now on the states are those of this key. */
    public void handle(int key) {
        if (table().isFull()) {
            settle();
        }
        current = key;
    }

    /** From now on the states are those of no key. */
    public void handleNone() {
        current = NO_KEY;
    }

    /** About so many rows will come in tables. */
    public void expect(long rows) {
        table().expect(rows);
    }

    /** Takes a table, which stays the caller's; returns the name of its part, if it has one. */
    @Nullable
    Object load(Batch saved) {
        return table().load(saved, allocator());
    }

    /** Writes all changes into {@link Runs}. */
    void settle() {
        table().settle(allocator());
    }

    private int handled() {
        if (current == NO_KEY) {
            throw new IllegalStateException(
                    "state belongs to a key, and none is being handled: use it in process or onTimer");
        }
        return current;
    }

    private @Nullable Object read(Slot slot) {
        Kept values = table().get(handled());
        if (values == null) {
            return null;
        }
        if (tables.isTooOld(slot, values)) {
            values.values[slot.index()] = null;
        }
        return values.values[slot.index()];
    }

    private void write(Slot slot, @Nullable Object value) {
        int key = handled();
        Kept kept = value == null ? table().get(key) : table().getOrAdd(key);
        if (kept != null) {
            kept.values[slot.index()] = value;
            kept.written[slot.index()] = slot.ttl().isNever() ? 0 : clock.wallMillis();
            kept.changed = true;
        }
    }

    /** What is there, or a new one, which is written to now. */
    private Object written(Slot slot, Supplier<?> fresh) {
        Object found = read(slot);
        Object value = found == null ? fresh.get() : found;
        write(slot, value);
        return value;
    }

    private Slot slot(String name, Slot.Kind kind, Class<?> type, StateTtl ttl) {
        if (name.isBlank() || slots.stream().anyMatch(slot -> slot.name().equals(name))) {
            throw ErrorCode.OPTION_INVALID
                    .error(name.isBlank() ? "a state needs a name" : "two states have the name '" + name + "'")
                    .where("declare(…)")
                    .help("give each state of an operator a name of its own")
                    .toException();
        }
        Slot slot = new Slot(name, slots.size(), kind, type, ttl);
        slots.add(slot);
        return slot;
    }

    @Override
    public <T> ValueState<T> value(String name, Class<T> type, StateTtl ttl) {
        Slot slot = slot(name, Slot.Kind.VALUE, type, ttl);
        return new ValueState<>() {
            @Override
            public @Nullable T get() {
                Object value = read(slot);
                return value == null ? null : slot.checked(type, value);
            }

            @Override
            public void set(@Nullable T value) {
                write(slot, value == null ? null : slot.checked(type, value));
            }
        };
    }

    @Override
    public <T> ListState<T> list(String name, Class<T> type, StateTtl ttl) {
        Slot slot = slot(name, Slot.Kind.LIST, type, ttl);
        return new ListState<>() {
            @Override
            @SuppressWarnings("unchecked")
            public List<T> get() {
                Object values = read(slot);
                return values == null ? List.of() : Collections.unmodifiableList((List<T>) values);
            }

            @Override
            @SuppressWarnings("unchecked")
            public void add(T value) {
                ((List<Object>) written(slot, ArrayList::new)).add(slot.checked(type, value));
            }

            @Override
            public void set(List<? extends T> values) {
                List<Object> copy = new ArrayList<>();
                values.forEach(value -> copy.add(slot.checked(type, value)));
                write(slot, copy.isEmpty() ? null : copy);
            }
        };
    }

    @Override
    public <T> MapState<T> map(String name, Class<T> type, StateTtl ttl) {
        Slot slot = slot(name, Slot.Kind.MAP, type, ttl);
        return new MapState<>() {
            @SuppressWarnings("unchecked")
            private @Nullable TreeMap<String, T> entries() {
                return (TreeMap<String, T>) read(slot);
            }

            @Override
            public @Nullable T get(String entry) {
                TreeMap<String, T> entries = entries();
                return entries == null ? null : entries.get(entry);
            }

            @Override
            @SuppressWarnings("unchecked")
            public void put(String entry, T value) {
                ((TreeMap<String, Object>) written(slot, TreeMap::new)).put(entry, slot.checked(type, value));
            }

            @Override
            public void remove(String entry) {
                TreeMap<String, T> entries = entries();
                if (entries != null && entries.remove(entry) != null) {
                    write(slot, entries.isEmpty() ? null : entries);
                }
            }

            @Override
            public SortedMap<String, T> scan(String prefix) {
                TreeMap<String, T> found = new TreeMap<>();
                TreeMap<String, T> entries = entries();
                if (entries != null) {
                    for (Map.Entry<String, T> entry : entries.tailMap(prefix).entrySet()) {
                        if (!entry.getKey().startsWith(prefix)) {
                            break;
                        }
                        found.put(entry.getKey(), entry.getValue());
                    }
                }
                return Collections.unmodifiableSortedMap(found);
            }

            @Override
            public void clear() {
                write(slot, null);
            }
        };
    }

    @Override
    public void close() {
        if (opened != null) {
            opened.table().close();
        }
    }
}
