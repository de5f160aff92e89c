package io.solstice.worker.userstate;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.operator.OperatorContext;
import io.solstice.api.row.Row;
import io.solstice.api.state.MapState;
import io.solstice.api.state.StateTtl;
import io.solstice.api.state.ValueState;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.Incremental.Fresh;
import io.solstice.spi.Incremental.Piece;
import io.solstice.spi.Incremental.Stored;
import io.solstice.worker.userstate.StatePieces.Sizes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatePiecesTest {
    private static final Schema SCHEMA =
            new Schema(List.of(new Field("k", FieldType.nullable(new ArrowType.Int(64, true)), null)));
    private static final Sizes TINY = new Sizes(3, 1 << 20, 7, 1 << 20);

    private final RootAllocator memory = new RootAllocator();
    /** The pieces of each cut, as a store would have them. */
    private final Map<Long, List<Batch>> stored = new HashMap<>();

    @AfterEach
    void nothingIsLeft() {
        List.copyOf(stored.keySet()).forEach(this::delete);
        memory.close();
    }

    private void delete(long epoch) {
        Objects.requireNonNull(stored.remove(epoch)).forEach(Batch::close);
    }

    private record Context(BufferAllocator allocator) implements OperatorContext {
        @Override
        public String jobId() {
            return "job";
        }

        @Override
        public String stageId() {
            return "keyed";
        }

        @Override
        public int taskIndex() {
            return 0;
        }

        @Override
        public int parallelism() {
            return 1;
        }

        @Override
        public List<String> keyColumns() {
            return List.of("k");
        }

        @Override
        public @Nullable Object getState(String name) {
            return null;
        }

        @Override
        public void setState(String name, @Nullable Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void skip(Batch rows, int row, Throwable why) {
            throw new AssertionError(why);
        }
    }

    /** One life of an operator's state. */
    private final class Life {
        final KeyedStates states = new KeyedStates(Clock.SYSTEM);
        final KeyedStateTables tables = new KeyedStateTables(states);
        final StatePieces pieces;
        final ValueState<Long> value = states.value("value", Long.class);
        final MapState<String> map = states.map("map", String.class, StateTtl.after(Duration.ofDays(1)));

        Life(Sizes sizes) {
            pieces = new StatePieces(states, tables, sizes);
            tables.opened(new Context(memory));
            tables.seen(SCHEMA);
        }

        private StateKey key(long key) {
            return new StateKey(Row.of("k", key), List.of("k"));
        }

        /** Cuts, stores all pieces, and tells how many rows were written. */
        long cut(long epoch, long base) {
            long written = 0;
            List<Batch> all = new ArrayList<>();
            for (Piece piece : pieces.at(epoch, base, memory)) {
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

        void restore(long epoch) {
            Objects.requireNonNull(stored.get(epoch)).forEach(pieces::load);
            pieces.restored(epoch);
        }

        /** All that there is, as text. */
        TreeMap<Long, String> content() {
            TreeMap<Long, String> content = new TreeMap<>();
            for (int part = 0; part < KeyTable.PARTS; part++) {
                for (Map.Entry<StateKey, Kept> entry : states.table().part(part).entrySet()) {
                    states.handle(entry.getKey());
                    Kept kept = entry.getValue();
                    String text = value.get() + " " + map.scan("")
                            + (kept.timers == null ? List.of() : kept.timers.toList())
                            + (kept.clockTimers == null ? List.of() : kept.clockTimers.toList());
                    content.put((Long) Objects.requireNonNull(entry.getKey().value(0)), text);
                }
            }
            return content;
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
        StateKey handled = life.key(key);
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
        life.states.handle(null);
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
    @Test
    void whatIsRestoredIsWhatWasThereAtTheCut() {
        int restores = 0;
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int keys = 1 + random.nextInt(120);
            Life life = new Life(TINY);
            Plain plain = new Plain();
            Map<Long, TreeMap<Long, String>> then = new HashMap<>();
            long canonical = 0;
            long epoch = 0;
            for (int step = 0; step < 60; step++) {
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
                if (random.nextInt(12) == 0 && canonical == epoch) {
                    life = new Life(TINY);
                    life.restore(canonical);
                    assertThat(life.content())
                            .as("seed %d, cut %d", seed, epoch)
                            .isEqualTo(then.get(canonical));
                    restores++;
                }
            }
            if (canonical > 0) {
                Life last = new Life(TINY);
                last.restore(canonical);
                assertThat(last.content()).as("seed %d", seed).isEqualTo(then.get(canonical));
            }
            List.copyOf(stored.keySet()).forEach(this::delete);
        }
        assertThat(restores).isGreaterThan(500);
    }

    @Test
    void aCutWritesWhatHasChangedAndLittleElse() {
        Life life = new Life(new Sizes(10, 10, 100, 1 << 20));
        long rows = 20_000;
        for (long key = 0; key < rows; key++) {
            life.states.handle(life.key(key));
            life.value.set(key);
        }
        life.states.handle(null);
        assertThat(life.cut(1, 0)).as("the first cut writes everything").isEqualTo(rows);
        Random random = new Random(5);
        long written = 0;
        int most = 0;
        for (long epoch = 2; epoch < 402; epoch++) {
            for (int i = 0; i < 40; i++) {
                life.states.handle(life.key(random.nextInt((int) rows)));
                life.value.set(epoch);
            }
            life.states.handle(null);
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
        Life after = new Life(TINY);
        after.restore(401);
        assertThat(after.content()).isEqualTo(life.content());
    }

    @Test
    void aCutWithoutChangesWritesNothing() {
        Life life = new Life(new Sizes(10, 10, 100, 1 << 20));
        for (long key = 0; key < 1_000; key++) {
            life.states.handle(life.key(key));
            life.value.set(key);
        }
        life.states.handle(null);
        life.cut(1, 0);
        for (long epoch = 2; epoch < 10; epoch++) {
            assertThat(life.cut(epoch, epoch - 1)).isZero();
        }
        assertThat(life.cut(10, 3)).as("with a base that is not the newest").isEqualTo(1_000);
    }
}
