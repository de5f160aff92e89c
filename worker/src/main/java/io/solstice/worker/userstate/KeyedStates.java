package io.solstice.worker.userstate;

import io.solstice.api.state.ListState;
import io.solstice.api.state.MapState;
import io.solstice.api.state.StateTtl;
import io.solstice.api.state.States;
import io.solstice.api.state.ValueState;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.loop.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an operator keeps for its keys: for each key one place for each state. Used by the task's thread. */
public final class KeyedStates implements States {
    private final Clock clock;
    private final List<Slot> slots = new ArrayList<>();
    private final KeyTable table = new KeyTable();
    private final KeyTimers timers = new KeyTimers(this, false);
    private final KeyTimers clockTimers = new KeyTimers(this, true);
    private @Nullable StateKey current;

    public KeyedStates(Clock clock) {
        this.clock = clock;
    }

    public long now() {
        return clock.wallMillis();
    }

    public List<Slot> slots() {
        return slots;
    }

    KeyTable table() {
        return table;
    }

    /** Those of event time. */
    public KeyTimers timers() {
        return timers;
    }

    /** Those of the clock of the machine. */
    public KeyTimers clockTimers() {
        return clockTimers;
    }

    Kept keptOrNew(StateKey key) {
        return table.getOrAdd(key, slots.size());
    }

    /** From now on the states are those of this key; null for none. */
    public void handle(@Nullable StateKey key) {
        StateKey before = current;
        if (before != null) {
            Kept values = table.get(before);
            if (values != null && values.isEmpty()) {
                table.remove(before);
            }
        }
        current = key;
    }

    /** Forgets what has become too old in a part; what earlier cuts say of it is too old as well. */
    void expire(int part) {
        if (slots.stream().allMatch(slot -> slot.ttl().isNever())) {
            return;
        }
        long now = clock.wallMillis();
        for (Iterator<Kept> all = table.part(part).values().iterator(); all.hasNext(); ) {
            Kept values = all.next();
            for (Slot slot : slots) {
                if (isTooOld(slot, values, now)) {
                    values.values[slot.index()] = null;
                }
            }
            if (values.isEmpty()) {
                all.remove();
            }
        }
    }

    /** Puts in the place of what is kept for a key what a checkpoint had; null for nothing. */
    void load(StateKey key, @Nullable Kept found) {
        Kept before = found == null ? table.remove(key) : table.get(key);
        if (before != null) {
            forEach(before.timers, micros -> timers.forget(key, micros));
            forEach(before.clockTimers, micros -> clockTimers.forget(key, micros));
        }
        if (found != null) {
            table.put(key, found);
            forEach(found.timers, micros -> timers.index(key, micros));
            forEach(found.clockTimers, micros -> clockTimers.index(key, micros));
        }
    }

    private static void forEach(@Nullable Moments moments, LongConsumer each) {
        if (moments != null) {
            moments.toList().forEach(each::accept);
        }
    }

    private static boolean isTooOld(Slot slot, Kept values, long now) {
        return !slot.ttl().isNever()
                && now - values.written[slot.index()] >= slot.ttl().after().toMillis();
    }

    private StateKey handled() {
        StateKey key = current;
        if (key == null) {
            throw new IllegalStateException(
                    "state belongs to a key, and none is being handled: use it in process or onTimer");
        }
        return key;
    }

    private @Nullable Object read(Slot slot) {
        Kept values = table.get(handled());
        if (values == null) {
            return null;
        }
        if (isTooOld(slot, values, slot.ttl().isNever() ? 0 : clock.wallMillis())) {
            values.values[slot.index()] = null;
        }
        return values.values[slot.index()];
    }

    private void write(Slot slot, @Nullable Object value) {
        StateKey key = handled();
        Kept kept = value == null ? table.get(key) : keptOrNew(key);
        if (kept != null) {
            kept.values[slot.index()] = value;
            kept.written[slot.index()] = slot.ttl().isNever() ? 0 : clock.wallMillis();
            table.changes(key, kept);
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
}
