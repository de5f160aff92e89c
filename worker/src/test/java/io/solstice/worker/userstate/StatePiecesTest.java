package io.solstice.worker.userstate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.solstice.worker.overflow.Overflow;
import io.solstice.worker.userstate.KeyTable.Sizes;
import io.solstice.worker.userstate.KeyTimers.Due;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.compare.VectorEqualsVisitor;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatePiecesTest {
    private static final Schema SCHEMA =
            new Schema(List.of(new Field("k", FieldType.nullable(new ArrowType.Int(64, true)), null)));
    private static final Sizes TINY = new Sizes(20, 7, 1 << 20, 3, 5);

    @TempDir
    Path folder;

    private final RootAllocator memory = new RootAllocator();
    /** The pieces of each cut, as a store would have them. */
    private final Map<Long, List<Batch>> stored = new HashMap<>();

    private final List<Life> lives = new ArrayList<>();
    /** How many tables were left. */
    private int left;

    @AfterEach
    void nothingIsLeft() {
        List.copyOf(stored.keySet()).forEach(this::delete);
        List.copyOf(lives).forEach(Life::close);
        memory.close();
        assertThat(Overflow.mappedBytes()).isZero();
    }

    private void delete(long epoch) {
        Objects.requireNonNull(stored.remove(epoch)).forEach(Batch::close);
    }

    /** One life of an operator's state. */
    private final class Life {
        final KeyedStates states;
        final StatePieces pieces;
        final ValueState<Long> value;
        final MapState<String> map;

        Life(Sizes sizes, StateTtl ttl) {
            this(sizes, ttl, StateStore.AUTO);
        }

        Life(Sizes sizes, StateTtl ttl, StateStore store) {
            states = new KeyedStates(Clock.SYSTEM, sizes);
            pieces = new StatePieces(states);
            states.opened(OneTask.keeping(store, folder, memory));
            value = states.value("value", Long.class);
            map = states.map("map", String.class, ttl);
            lives.add(this);
        }

        private int key(long key) {
            return keyOf(states, key, memory);
        }

        /** Cuts, stores all pieces, and tells how many rows were written. */
        long cut(long epoch, long base) {
            long written = 0;
            List<Batch> all = new ArrayList<>();
            for (Piece piece : pieces.at(epoch, base)) {
                if (piece instanceof Fresh fresh) {
                    all.add(fresh.table());
                    written += fresh.table().rowCount();
                } else if (piece instanceof Stored known) {
                    all.add(Objects.requireNonNull(stored.get(base))
                            .get(known.index())
                            .share());
                }
            }
            stored.put(epoch, all);
            return written;
        }

        void restore(long epoch) throws Exception {
            for (Batch piece : Objects.requireNonNull(stored.get(epoch))) {
                pieces.load(piece);
                // Guesses that are far off change nothing.
                states.expect(epoch % 3 * 1_000);
            }
            pieces.restored(epoch);
        }

        /** All that there is of the keys below a number, as text. */
        TreeMap<Long, String> content(long keys) {
            TreeMap<Long, String> content = new TreeMap<>();
            for (long key = 0; key < keys; key++) {
                int number = key(key);
                states.handle(number);
                Kept kept = states.table().get(number);
                if (kept != null && !kept.isEmpty()) {
                    String text = value.get() + " " + map.scan("")
                            + (kept.timers == null ? List.of() : kept.timers.toList())
                            + (kept.clockTimers == null ? List.of() : kept.clockTimers.toList());
                    content.put(key, text);
                }
                states.handleNone();
            }
            return content;
        }

        /** The timers in the order in which they come, taken out. */
        List<String> takeTimers() {
            List<String> taken = new ArrayList<>();
            for (KeyTimers timers : List.of(states.timers(), states.clockTimers())) {
                for (Due due = timers.next(Long.MAX_VALUE); due != null; due = timers.next(Long.MAX_VALUE)) {
                    taken.add(due.micros() + " " + states.key(due.key()));
                }
            }
            return taken;
        }

        /** What it leaves is what was stored. */
        private void leave() {
            stored.forEach((epoch, tables) -> pieces.leave(epoch, (index, table) -> {
                left++;
                Batch same = tables.get(index);
                assertThat(table.schema().getFields()).isEqualTo(same.schema().getFields());
                for (int column = 0; column < table.columnCount(); column++) {
                    assertThat(VectorEqualsVisitor.vectorEquals(table.column(column), same.column(column)))
                            .isTrue();
                }
            }));
        }

        void close() {
            leave();
            lives.remove(this);
            states.close();
        }
    }

    /** The same, in plain maps. */
    private static final class Plain {
        private final TreeMap<Long, Long> values = new TreeMap<>();
        private final TreeMap<Long, TreeMap<String, String>> maps = new TreeMap<>();
        private final TreeMap<Long, TreeSet<Long>> timers = new TreeMap<>();
        private final TreeMap<Long, TreeSet<Long>> clockTimers = new TreeMap<>();

        TreeMap<Long, String> content() {
            TreeSet<Long> keys = new TreeSet<>(values.keySet());
            keys.addAll(maps.keySet());
            keys.addAll(timers.keySet());
            keys.addAll(clockTimers.keySet());
            TreeMap<Long, String> content = new TreeMap<>();
            for (long key : keys) {
                content.put(
                        key,
                        values.get(key) + " " + maps.getOrDefault(key, new TreeMap<>())
                                + timers.getOrDefault(key, new TreeSet<>())
                                + clockTimers.getOrDefault(key, new TreeSet<>()));
            }
            return content;
        }
    }

    private static void change(Life life, Plain plain, Random random, int keys) {
        long key = random.nextInt(keys);
        int handled = life.key(key);
        life.states.handle(handled);
        long moment = random.nextInt(5);
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> {
                life.value.set(moment);
                plain.values.put(key, moment);
            }
            case 3 -> {
                life.value.set(null);
                plain.values.remove(key);
            }
            case 4 -> {
                life.map.put("m" + moment, "x" + moment);
                plain.maps.computeIfAbsent(key, none -> new TreeMap<>()).put("m" + moment, "x" + moment);
            }
            case 5 -> {
                life.map.clear();
                plain.maps.remove(key);
            }
            case 6 -> {
                life.states.timers().set(handled, moment);
                plain.timers.computeIfAbsent(key, none -> new TreeSet<>()).add(moment);
            }
            case 7 -> {
                life.states.clockTimers().set(handled, moment);
                plain.clockTimers.computeIfAbsent(key, none -> new TreeSet<>()).add(moment);
            }
            default -> {
                life.states.timers().delete(handled, moment);
                life.states.clockTimers().delete(handled, moment);
                without(plain.timers, key, moment);
                without(plain.clockTimers, key, moment);
            }
        }
        life.states.handleNone();
    }

    private static void without(TreeMap<Long, TreeSet<Long>> all, long key, long moment) {
        TreeSet<Long> of = all.get(key);
        if (of != null && of.remove(moment) && of.isEmpty()) {
            all.remove(key);
        }
    }

    /**
     * Changes, cuts of which some become canonical, and restores of the newest canonical one. An operator that goes on
     * from there is what it was then.
     */
    @ParameterizedTest
    @EnumSource(StateStore.class)
    void whatIsRestoredIsWhatWasThereAtTheCut(StateStore store) throws Exception {
        int restores = 0;
        // A cut of a store waits for the disk.
        int steps = store.isStored() ? 25 : 60;
        int seeds = store.isStored() ? 6 : store == StateStore.AUTO ? 300 : 30;
        for (int seed = 0; seed < seeds; seed++) {
            Random random = new Random(seed);
            int keys = 1 + random.nextInt(120);
            StateTtl ttl = seed % 3 == 0 ? StateTtl.after(Duration.ofDays(1)) : StateTtl.NEVER;
            Life life = new Life(TINY, ttl, store);
            Plain plain = new Plain();
            Map<Long, TreeMap<Long, String>> then = new HashMap<>();
            long canonical = 0;
            long epoch = 0;
            for (int step = 0; step < steps; step++) {
                for (int i = random.nextInt(1 + keys / 2); i > 0; i--) {
                    change(life, plain, random, keys);
                }
                epoch++;
                long base = canonical;
                life.cut(epoch, base);
                then.put(epoch, plain.content());
                if (random.nextInt(4) > 0) {
                    canonical = epoch;
                    long kept = canonical;
                    stored.keySet().stream().filter(old -> old != kept).toList().forEach(this::delete);
                }
                assertThat(life.content(keys))
                        .as("seed %d, after cut %d", seed, epoch)
                        .isEqualTo(plain.content());
                if (random.nextInt(store.isStored() ? 4 : 12) == 0 && canonical == epoch) {
                    life.close();
                    // Now and then the state comes to another kind of place.
                    boolean moves = store.isStored() && random.nextInt(3) == 0;
                    StateStore next = moves ? StateStore.values()[random.nextInt(4)] : store;
                    life = new Life(TINY, ttl, next);
                    life.restore(canonical);
                    assertThat(life.content(keys))
                            .as("seed %d, cut %d", seed, epoch)
                            .isEqualTo(then.get(canonical));
                    restores++;
                }
            }
            if (canonical > 0) {
                Life last = new Life(TINY, ttl, store);
                last.restore(canonical);
                assertThat(last.content(keys)).as("seed %d", seed).isEqualTo(then.get(canonical));
                if (canonical == epoch) {
                    assertThat(last.takeTimers()).as("seed %d", seed).isEqualTo(life.takeTimers());
                }
            }
            List.copyOf(stored.keySet()).forEach(this::delete);
            List.copyOf(lives).forEach(Life::close);
        }
        assertThat(restores).isGreaterThan(seeds * steps / 40);
        if (!store.isStored()) {
            assertThat(left).as("tables that lives left").isGreaterThan(restores);
        }
    }

    @Test
    void aCutWritesWhatHasChangedAndLittleElse() throws Exception {
        Life life = new Life(new Sizes(1_000, 1_000, 1 << 20, 10, 32), StateTtl.NEVER);
        long rows = 20_000;
        for (long key = 0; key < rows; key++) {
            life.states.handle(life.key(key));
            life.value.set(key);
        }
        life.states.handleNone();
        assertThat(life.cut(1, 0)).as("the first cut writes everything").isEqualTo(rows);
        Random random = new Random(5);
        long written = 0;
        int most = 0;
        for (long epoch = 2; epoch < 402; epoch++) {
            for (int i = 0; i < 40; i++) {
                life.states.handle(life.key(random.nextInt((int) rows)));
                life.value.set(epoch);
            }
            life.states.handleNone();
            written += life.cut(epoch, epoch - 1);
            delete(epoch - 1);
            List<Batch> pieces = Objects.requireNonNull(stored.get(epoch));
            most = Math.max(most, pieces.size());
            assertThat(pieces.stream().mapToLong(Batch::rowCount).sum())
                    .as("what a restore reads")
                    .isLessThan(rows * 3 / 2);
        }
        assertThat(written).as("of 400 cuts").isBetween(16_000L, 400 * rows / 20);
        assertThat(most).isLessThan(400);
        Life after = new Life(TINY, StateTtl.NEVER);
        after.restore(401);
        assertThat(after.content(rows)).isEqualTo(life.content(rows));
    }

    @Test
    void aCutWithoutChangesWritesNothing() {
        Life life = new Life(new Sizes(1_000, 1_000, 1 << 20, 10, 32), StateTtl.NEVER);
        for (long key = 0; key < 1_000; key++) {
            life.states.handle(life.key(key));
            life.value.set(key);
        }
        life.states.handleNone();
        life.cut(1, 0);
        for (long epoch = 2; epoch < 10; epoch++) {
            assertThat(life.cut(epoch, epoch - 1)).isZero();
        }
        assertThat(life.cut(10, 3)).as("with a base that is not the newest").isEqualTo(1_000);
    }

    @Test
    void keysOfWhichNothingIsLeftAreForgotten() {
        Life life = new Life(new Sizes(100, 100, 1 << 20, 10, 4), StateTtl.NEVER);
        Random random = new Random(3);
        TreeMap<Long, Long> moments = new TreeMap<>();
        for (long key = 0; key < 20_000; key++) {
            int handled = life.key(key);
            life.states.handle(handled);
            life.value.set(key);
            if (random.nextInt(500) == 0) {
                life.states.timers().set(handled, 20_000 - key);
                moments.put(20_000 - key, key);
            } else if (key % 2_000 >= 3) {
                life.value.set(null);
            }
            life.states.handleNone();
        }
        assertThat(life.key(0)).as("the number of the first key").isLessThan(4);
        assertThat(life.key(20_000)).as("the number of a new key").isLessThan(3_000);
        List<String> expected = new ArrayList<>();
        moments.forEach((micros, key) -> expected.add(micros + " {k: " + key + "}"));
        assertThat(life.takeTimers()).hasSameSizeAs(expected).first().isEqualTo(expected.get(0));
    }

    @Test
    void aStateOfAnotherTypeIsRefusedWhenItIsLoaded() {
        Life life = new Life(TINY, StateTtl.NEVER);
        life.states.handle(life.key(1));
        life.map.put("m", "text");
        life.states.handle(life.key(2));
        life.value.set(7L);
        life.states.handleNone();
        life.cut(1, 0);
        KeyedStates other = new KeyedStates(Clock.SYSTEM);
        other.opened(new OneTask(memory, List.of("k")));
        other.value("value", Long.class);
        other.map("map", Long.class);
        StatePieces pieces = new StatePieces(other);
        Batch table = Objects.requireNonNull(stored.get(1L)).get(0);
        assertThatThrownBy(() -> pieces.load(table))
                .isInstanceOf(SolsticeException.class)
                .hasMessageContaining("state 'map' has a value of another type");
        other.close();
    }

    @Test
    void keysOfAnotherTypeAreRefused() throws Exception {
        Life life = new Life(TINY, StateTtl.NEVER);
        life.states.handle(life.key(1));
        life.value.set(7L);
        life.states.handleNone();
        life.cut(1, 0);
        Life after = new Life(TINY, StateTtl.NEVER);
        after.restore(1);
        VarCharVector texts = new VarCharVector("k", memory);
        texts.setSafe(0, "a".getBytes(StandardCharsets.UTF_8));
        texts.setValueCount(1);
        try (Batch batch = Batch.of(List.of(texts), 1)) {
            assertThatThrownBy(() -> after.states.keys(batch))
                    .isInstanceOf(SolsticeException.class)
                    .hasMessageContaining("key column 'k' has another type than in the state");
        }
    }

    static int keyOf(KeyedStates states, long key, RootAllocator memory) {
        BigIntVector column = new BigIntVector(SCHEMA.getFields().get(0), memory);
        column.setSafe(0, key);
        column.setValueCount(1);
        try (Batch batch = Batch.of(List.of(column), 1)) {
            return states.keys(batch)[0];
        }
    }
}
