package io.solstice.worker.userstate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowWriter;
import io.solstice.api.state.ListState;
import io.solstice.api.state.MapState;
import io.solstice.api.state.StateTtl;
import io.solstice.api.state.ValueState;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.StateStore;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.Incremental.Fresh;
import io.solstice.spi.Incremental.Piece;
import io.solstice.spi.Incremental.Stored;
import io.solstice.worker.ManualClock;
import io.solstice.worker.overflow.Overflow;
import io.solstice.worker.userstate.KeyTable.Sizes;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** State in stores, apart from what random histories show. */
class StoreTableTest {
    private static final Sizes SMALL = new Sizes(1_000, 1_000, 4 << 20, 100, 8);

    private final RootAllocator memory = new RootAllocator();

    @TempDir
    Path folder;

    @AfterEach
    void nothingIsLeft() {
        memory.close();
        assertThat(Overflow.mappedBytes()).isZero();
        assertThat(folder.resolve("rocksdb"))
                .satisfiesAnyOf(
                        path -> assertThat(path).doesNotExist(),
                        path -> assertThat(path).isEmptyDirectory());
    }

    private KeyedStates states(StateStore store, Clock clock, BufferAllocator allocator) {
        KeyedStates states = new KeyedStates(clock, SMALL);
        states.opened(OneTask.keeping(store, folder, allocator));
        return states;
    }

    private static int[] keys(KeyedStates states, long from, int count, BufferAllocator allocator) {
        List<Row> rows = new ArrayList<>();
        for (long key = from; key < from + count; key++) {
            rows.add(Row.of("k", "a key with number " + key));
        }
        Schema schema = new Schema(List.of(new Field("k", FieldType.nullable(ArrowType.Utf8.INSTANCE), null)));
        try (Batch batch = new RowWriter(schema).write(rows, allocator)) {
            return Arrays.copyOf(states.keys(batch), count);
        }
    }

    private static int key(KeyedStates states, long key, BufferAllocator allocator) {
        return keys(states, key, 1, allocator)[0];
    }

    /** What another life of the task is given. */
    private static void restore(List<Batch> pieces, KeyedStates into) throws Exception {
        StatePieces taking = new StatePieces(into);
        try {
            for (Batch piece : pieces) {
                taking.load(piece);
            }
            taking.restored(1);
        } finally {
            taking.close();
        }
    }

    /** Ten times as much as there is of Arrow memory, and a key in it for each 4 KB: neither is in memory. */
    @Test
    void whatDoesNotFitIntoMemoryLiesInRocksDbWithItsKeys() throws Exception {
        long limit = 24L << 20;
        int keys = 60_000;
        int most = 0;
        long taken = 0;
        Random random = new Random(9);
        try (RootAllocator small = new RootAllocator(limit)) {
            KeyedStates states = states(StateStore.ROCKSDB, Clock.SYSTEM, small);
            ValueState<byte[]> content = states.value("content", byte[].class);
            for (int from = 0; from < keys; from += 500) {
                for (int key : keys(states, from, 500, small)) {
                    states.handle(key);
                    byte[] bytes = new byte[4_200];
                    random.nextBytes(bytes);
                    content.set(bytes);
                    most = Math.max(most, key);
                }
                states.handleNone();
                taken = Math.max(taken, small.getAllocatedMemory());
            }
            List<Batch> pieces = new StatePieces(states).whole();
            states.close();
            assertThat(most).as("numbers of keys at a time").isLessThan(5_000);
            assertThat(taken).as("Arrow memory").isLessThan(limit / 2);
            assertThat(pieces.stream().mapToLong(Batch::byteSize).sum()).isGreaterThan(10 * limit);
            KeyedStates after = states(StateStore.ROCKSDB, Clock.SYSTEM, small);
            ValueState<byte[]> restored = after.value("content", byte[].class);
            restore(pieces, after);
            pieces.forEach(Batch::close);
            Random again = new Random(9);
            for (int from = 0; from < keys; from += 500) {
                for (int key : keys(after, from, 500, small)) {
                    after.handle(key);
                    byte[] bytes = new byte[4_200];
                    again.nextBytes(bytes);
                    assertThat(restored.get()).isEqualTo(bytes);
                }
                after.handleNone();
            }
            assertThat(small.getAllocatedMemory()).isLessThan(limit / 2);
            after.close();
        }
    }

    @Test
    void memoryThatEndsIsAnErrorThatNamesTheWayOut() {
        try (RootAllocator small = new RootAllocator(8 << 20)) {
            KeyedStates states = states(StateStore.MEMORY, Clock.SYSTEM, small);
            ValueState<byte[]> content = states.value("content", byte[].class);
            assertThatThrownBy(() -> {
                        for (int from = 0; from < 10_000; from += 100) {
                            for (int key : keys(states, from, 100, small)) {
                                states.handle(key);
                                content.set(new byte[4_000]);
                            }
                        }
                    })
                    .isInstanceOf(SolsticeException.class)
                    .hasMessageContaining("SOL-3104")
                    .hasMessageContaining("state.backend: auto");
            states.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = StateStore.class,
            names = {"ROCKSDB", "DISK"})
    void allValuesOfRowsComeBack(StateStore store) throws Exception {
        Row row = Row.of("a", 1L, "b", null, "c", Row.of("d", "text"));
        List<Object> values = List.of(
                1L,
                -2,
                (short) 3,
                (byte) -4,
                1.5,
                Float.MIN_VALUE,
                true,
                false,
                "täxt",
                new BigDecimal("-12.340"),
                Instant.parse("1969-12-31T23:59:59.123456Z"),
                LocalDateTime.parse("2026-01-02T03:04:05.678"),
                LocalDate.parse("1900-01-01"),
                LocalTime.parse("23:59:59.999"),
                Duration.ofMillis(-1_500),
                row,
                List.of(List.of(1L), List.of()),
                Map.of("x", List.of(row)));
        KeyedStates states = states(store, Clock.SYSTEM, memory);
        List<ValueState<Object>> named = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            named.add(states.value("value " + i + "\n\t\\n", Object.class));
        }
        ListState<byte[]> list = states.list("list", byte[].class);
        MapState<Row> map = states.map("map", Row.class);
        states.handle(key(states, 7, memory));
        for (int i = 0; i < values.size(); i++) {
            named.get(i).set(values.get(i));
        }
        list.add(new byte[] {1, 2});
        map.put("b", row);
        map.put("a", Row.EMPTY);
        states.handleNone();
        List<Batch> pieces = new StatePieces(states).whole();
        states.close();

        KeyedStates after = states(store, Clock.SYSTEM, memory);
        // In another order, and with one more.
        MapState<Row> mapAfter = after.map("map", Row.class);
        ListState<byte[]> listAfter = after.list("list", byte[].class);
        ValueState<Long> fresh = after.value("fresh", Long.class);
        named.clear();
        for (int i = 0; i < values.size(); i++) {
            named.add(after.value("value " + i + "\n\t\\n", Object.class));
        }
        restore(pieces, after);
        pieces.forEach(Batch::close);
        after.handle(key(after, 7, memory));
        for (int i = 0; i < values.size(); i++) {
            assertThat(named.get(i).get()).isEqualTo(values.get(i));
        }
        assertThat(listAfter.get()).containsExactly(new byte[] {1, 2});
        assertThat(mapAfter.scan("").keySet()).containsExactly("a", "b");
        assertThat(mapAfter.get("b")).isEqualTo(row);
        assertThat(fresh.get()).isNull();
        after.handle(key(after, 8, memory));
        assertThat(named.get(0).get()).isNull();
        after.close();
    }

    /** What a state with one count says to an operator that names other states. */
    private void refused(StateStore store, Consumer<KeyedStates> names, String... texts) {
        KeyedStates states = states(store, Clock.SYSTEM, memory);
        ValueState<Long> count = states.value("count", Long.class);
        states.handle(key(states, 1, memory));
        count.set(1L);
        states.handleNone();
        List<Batch> pieces = new StatePieces(states).whole();
        states.close();
        KeyedStates other = states(store, Clock.SYSTEM, memory);
        names.accept(other);
        assertThatThrownBy(() -> restore(pieces, other))
                .isInstanceOf(SolsticeException.class)
                .hasMessageContaining("SOL-2207")
                .hasMessageContainingAll(texts);
        other.close();
        pieces.forEach(Batch::close);
    }

    @ParameterizedTest
    @EnumSource(
            value = StateStore.class,
            names = {"ROCKSDB", "DISK"})
    void statesThatWouldBeLostAreRefused(StateStore store) {
        refused(store, states -> states.value("counts", Long.class), "'count'", "counts");
        refused(store, states -> states.value("count", String.class), "found Long, expected String");
        refused(store, states -> states.list("count", Long.class), "a VALUE is a LIST now");
    }

    /** Each key comes once, as when doubles are sought. */
    @ParameterizedTest
    @EnumSource(
            value = StateStore.class,
            names = {"ROCKSDB", "DISK"})
    void whatHasBecomeTooOldIsLetGoThoughItsKeyNeverComesAgain(StateStore store) throws Exception {
        ManualClock clock = new ManualClock(1_000_000);
        KeyedStates states = states(store, clock, memory);
        ValueState<Boolean> seen = states.value("seen", Boolean.class, StateTtl.after(Duration.ofSeconds(10)));
        ValueState<Long> lasting = states.value("lasting", Long.class);
        for (int second = 0; second < 60; second++) {
            int from = second * 500;
            int[] keys = keys(states, from, 500, memory);
            for (int i = 0; i < keys.length; i++) {
                states.handle(keys[i]);
                assertThat(seen.get()).isNull();
                seen.set(true);
                if (i == 0) {
                    lasting.set((long) from);
                }
            }
            states.handleNone();
            states.settle();
            clock.advance(1_000);
        }
        List<Batch> pieces = new StatePieces(states).whole();
        states.handle(key(states, 500, memory));
        assertThat(seen.get()).isNull();
        assertThat(lasting.get()).isEqualTo(500);
        states.handle(key(states, 29_999, memory));
        assertThat(seen.get()).isTrue();
        states.close();
        StateRows rows = new StateRows(memory);
        pieces.forEach(rows::add);
        pieces.forEach(Batch::close);
        assertThat(rows.rows()).as("of 30,000 keys").hasSizeBetween(5_000, 12_000);
        // With the time at which it was written, state goes on to age after a restore.
    }

    @Test
    void aCutOfRocksDbNamesTheFilesThatItHasWritten() {
        KeyedStates states = states(StateStore.ROCKSDB, Clock.SYSTEM, memory);
        ValueState<Long> count = states.value("count", Long.class);
        StatePieces pieces = new StatePieces(states);
        for (int key : keys(states, 0, 20_000, memory)) {
            states.handle(key);
            count.set((long) key);
        }
        states.handleNone();
        List<Piece> first = pieces.at(1, 0);
        assertThat(first).hasSizeGreaterThan(1).allMatch(Fresh.class::isInstance);
        List<Piece> second = pieces.at(2, 1);
        assertThat(second.stream().filter(Fresh.class::isInstance))
                .as("what says which files there are")
                .hasSize(1);
        assertThat(second.stream().filter(Stored.class::isInstance)).hasSize(first.size() - 1);
        states.handle(key(states, 5, memory));
        count.set(-1L);
        states.handleNone();
        List<Piece> third = pieces.at(3, 1);
        assertThat(third.stream().filter(Stored.class::isInstance))
                .as("of the first, the base")
                .isNotEmpty();
        assertThat(pieces.at(4, 0))
                .as("without a base")
                .allMatch(Fresh.class::isInstance)
                .allSatisfy(StoreTableTest::close);
        for (List<Piece> cut : List.of(first, second, third)) {
            cut.forEach(StoreTableTest::close);
        }
        states.close();
    }

    private static void close(Piece piece) {
        if (piece instanceof Fresh fresh) {
            Objects.requireNonNull(fresh.table()).close();
        }
    }

    /** Those that wait are all known after a restore, though no other key is. */
    @ParameterizedTest
    @EnumSource(
            value = StateStore.class,
            names = {"ROCKSDB", "DISK"})
    void timersComeAfterARestoreInTheirOrder(StateStore store) throws Exception {
        KeyedStates states = states(store, Clock.SYSTEM, memory);
        ValueState<Long> count = states.value("count", Long.class);
        int[] keys = keys(states, 0, 5_000, memory);
        for (int i = 0; i < keys.length; i++) {
            states.handle(keys[i]);
            count.set((long) i);
            if (i % 50 == 0) {
                states.timers().set(keys[i], 10_000 - i);
            }
        }
        states.handleNone();
        List<Batch> pieces = new StatePieces(states).whole();
        states.close();
        KeyedStates after = states(store, Clock.SYSTEM, memory);
        ValueState<Long> counted = after.value("count", Long.class);
        restore(pieces, after);
        pieces.forEach(Batch::close);
        long last = 0;
        for (int i = 0; i < 100; i++) {
            KeyTimers.Due due = Objects.requireNonNull(after.timers().next(20_000));
            assertThat(due.micros()).isGreaterThan(last);
            last = due.micros();
            after.handle(due.key());
            assertThat(counted.get()).isEqualTo(10_000 - last);
            after.handleNone();
        }
        assertThat(after.timers().isEmpty()).isTrue();
        after.close();
    }
}
