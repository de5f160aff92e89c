package io.solstice.worker.userstate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.CustomOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.KeyedOperator;
import io.solstice.api.state.ListState;
import io.solstice.api.state.MapState;
import io.solstice.api.state.RowOutput;
import io.solstice.api.state.StateTtl;
import io.solstice.api.state.States;
import io.solstice.api.state.Timer;
import io.solstice.api.state.ValueState;
import io.solstice.common.graph.StateStore;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import io.solstice.spi.Incremental;
import io.solstice.spi.Tabular;
import io.solstice.worker.ManualClock;
import io.solstice.worker.operator.Operators;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyedOperatorTest {
    private static final Schema SCHEMA = new Schema(List.of(
            new Field("k", FieldType.nullable(ArrowType.Utf8.INSTANCE), null),
            new Field("t", FieldType.nullable(new ArrowType.Int(64, true)), null)));

    @TempDir
    Path folder;

    private final RootAllocator memory = new RootAllocator();

    @AfterEach
    void nothingIsLeft() {
        memory.close();
    }

    private static Instant at(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Uses all kinds of state at once; ten after a row it tells all that came for the key since it last did. */
    private static final class Gathering implements KeyedOperator {
        private @Nullable ValueState<Long> count;
        private @Nullable ListState<Long> times;
        private @Nullable MapState<Long> newest;

        @Override
        public void declare(States states) {
            count = states.value("count", Long.class);
            times = states.list("times", Long.class);
            newest = states.map("newest", Long.class, StateTtl.after(Duration.ofDays(9)));
        }

        @Override
        public void process(Row row, KeyContext key, RowOutput out) {
            Long before = Objects.requireNonNull(count).get();
            count.set(before == null ? 1 : before + 1);
            long time = row.getLong("t");
            Objects.requireNonNull(times).add(time);
            Objects.requireNonNull(newest).put("digit " + time % 3, time);
            key.setTimer(at(time + 10));
            if (time % 7 == 0) {
                key.deleteTimer(at(time + 10));
            }
        }

        @Override
        public void onTimer(Timer timer, KeyContext key, RowOutput out) {
            assertThat(timer.eventTime()).isTrue();
            List<Long> all = Objects.requireNonNull(times).get();
            if (all.isEmpty()) {
                return;
            }
            SortedMap<String, Long> digits = Objects.requireNonNull(newest).scan("digit");
            out.emit(Row.of(
                    "k",
                    key.key().get("k"),
                    "at",
                    ChronoUnit.MICROS.between(Instant.EPOCH, timer.time()),
                    "times",
                    all.toString(),
                    "count",
                    Objects.requireNonNull(count).get(),
                    "newest",
                    digits.toString()));
            times.set(List.of());
            newest.remove("digit 0");
            if (all.size() > 3) {
                newest.clear();
                count.set(null);
            }
        }
    }

    /** The same, in the plainest way: rows and watermarks one after the other, all keys in one map. */
    private static final class Oracle {
        private final Map<String, List<Long>> times = new TreeMap<>();
        private final Map<String, TreeMap<String, Long>> newest = new TreeMap<>();
        private final Map<String, Long> counts = new TreeMap<>();
        private final TreeMap<Long, List<String>> timers = new TreeMap<>();
        private final List<String> told = new ArrayList<>();
        private long watermark = Long.MIN_VALUE;

        private static String named(@Nullable String key) {
            return key == null ? "\u0000" : key;
        }

        void row(@Nullable String key, long time) {
            String name = named(key);
            counts.merge(name, 1L, Long::sum);
            times.computeIfAbsent(name, none -> new ArrayList<>()).add(time);
            newest.computeIfAbsent(name, none -> new TreeMap<>()).put("digit " + time % 3, time);
            List<String> same = timers.computeIfAbsent(time + 10, none -> new ArrayList<>());
            same.remove(name);
            if (time % 7 != 0) {
                same.add(name);
            }
        }

        void until(long moment) {
            watermark = Math.max(watermark, moment);
            while (!timers.isEmpty() && timers.firstKey() <= watermark) {
                Map.Entry<Long, List<String>> due = timers.pollFirstEntry();
                due.getValue().forEach(name -> tell(name, due.getKey()));
            }
        }

        private void tell(String name, long moment) {
            List<Long> all = times.getOrDefault(name, List.of());
            if (all.isEmpty()) {
                return;
            }
            told.add((name.equals("\u0000") ? null : name) + " " + moment + " " + all + " " + counts.get(name) + " "
                    + newest.getOrDefault(name, new TreeMap<>()));
            times.remove(name);
            newest.getOrDefault(name, new TreeMap<>()).remove("digit 0");
            if (all.size() > 3) {
                newest.remove(name);
                counts.remove(name);
            }
        }
    }

    private final class Run implements Outbox {
        final List<String> told = new ArrayList<>();

        final Supplier<KeyedOperator> supplier;
        final StateStore store;
        BatchOperator operator;

        Run(Supplier<KeyedOperator> supplier) throws Exception {
            this(supplier, StateStore.AUTO);
        }

        Run(Supplier<KeyedOperator> supplier, StateStore store) throws Exception {
            this.supplier = supplier;
            this.store = store;
            this.operator = fresh();
        }

        private BatchOperator fresh() throws Exception {
            BatchOperator made = Operators.create(new CustomOperator(supplier));
            made.open(OneTask.keeping(store, folder, memory));
            return made;
        }

        void rows(List<Row> rows) throws Exception {
            operator.process(new RowWriter(SCHEMA).write(rows, memory), this);
        }

        /** Takes its state out and puts it into a new object. */
        void restore() throws Exception {
            Row state = operator.checkpoint();
            List<Batch> tables = ((Tabular) operator).tables();
            operator.close();
            operator = fresh();
            operator.restore(state);
            for (Batch table : tables) {
                try (table) {
                    ((Tabular) operator).load(table);
                }
            }
            if (!tables.isEmpty()) {
                ((Incremental) operator).restored(1);
            }
        }

        @Override
        public void emit(Batch batch) {
            try (batch) {
                for (Row row : new RowReader(batch).rows()) {
                    told.add(row.toMap().values().stream()
                            .map(String::valueOf)
                            .reduce((left, right) -> left + " " + right)
                            .orElse(""));
                }
            }
        }

        @Override
        public void emitAll(Iterator<Batch> batches) {
            batches.forEachRemaining(this::emit);
        }
    }

    private static Row row(@Nullable String key, long time) {
        return Row.of("k", key, "t", time);
    }

    @ParameterizedTest
    @EnumSource(StateStore.class)
    void statesAndTimersAreWhatAPlainMapGivesAlsoAfterRestores(StateStore store) throws Exception {
        int restored = 0;
        int told = 0;
        int seeds = store == StateStore.AUTO ? 400 : 20;
        for (int seed = 0; seed < seeds; seed++) {
            Random random = new Random(seed);
            Oracle oracle = new Oracle();
            Run run = new Run(Gathering::new, store);
            long now = 0;
            for (int step = random.nextInt(30); step >= 0; step--) {
                List<Row> rows = new ArrayList<>();
                for (int i = random.nextInt(8); i >= 0; i--) {
                    int key = random.nextInt(5);
                    String name = key == 0 ? null : "key " + key;
                    long time = now + random.nextInt(40);
                    rows.add(row(name, time));
                    oracle.row(name, time);
                }
                run.rows(rows);
                // A timer of the past is called after the rows that set it.
                oracle.until(oracle.watermark);
                if (random.nextInt(3) == 0) {
                    now += random.nextInt(30);
                    run.operator.onWatermark(new Watermark(now), run);
                    oracle.until(now);
                }
                if (random.nextInt(4) == 0) {
                    run.restore();
                    restored++;
                }
            }
            run.operator.finish(run);
            oracle.until(Long.MAX_VALUE);
            run.operator.close();
            assertThat(run.told).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(oracle.told);
            told += oracle.told.size();
        }
        assertThat(restored).isGreaterThan(seeds);
        assertThat(told).isGreaterThan(seeds * 12);
    }

    /** Says what it was asked for, by the operator of a test. */
    private static KeyedOperator declaring(Consumer<States> names) {
        return new KeyedOperator() {
            @Override
            public void declare(States states) {
                names.accept(states);
            }

            @Override
            public void process(Row row, KeyContext key, RowOutput out) {}
        };
    }

    /** What a state of {@link Gathering} says to an operator that names others. */
    private void refused(Consumer<States> names, String... texts) throws Exception {
        Run run = new Run(Gathering::new);
        run.rows(List.of(row("a", 1)));
        List<Batch> tables = ((Tabular) run.operator).tables();
        run.operator.close();
        Run other = new Run(() -> declaring(names));
        try {
            assertThatThrownBy(() -> {
                        for (Batch table : tables) {
                            ((Tabular) other.operator).load(table);
                        }
                    })
                    .hasMessageContaining("SOL-2207")
                    .hasMessageContainingAll(texts);
        } finally {
            tables.forEach(Batch::close);
            other.operator.close();
        }
    }

    @Test
    void aStateThatIsNotNamedAgainIsRefused() throws Exception {
        refused(
                states -> {
                    states.value("counts", Long.class);
                    states.list("times", Long.class);
                    states.map("newest", Long.class);
                },
                "'count'",
                "counts");
    }

    @Test
    void aStateOfAnotherTypeIsRefused() throws Exception {
        refused(
                states -> {
                    states.value("count", String.class);
                    states.list("times", Long.class);
                    states.map("newest", Long.class);
                },
                "found Long, expected String");
    }

    /** Sets a timer far ahead for each row and tells of it. */
    private static final class Waiting implements KeyedOperator {
        private int called;

        @Override
        public void declare(States states) {}

        @Override
        public void process(Row row, KeyContext key, RowOutput out) {
            key.setTimer(at(1_000_000 + row.getLong("t")));
        }

        @Override
        public void onTimer(Timer timer, KeyContext key, RowOutput out) {
            called++;
            out.emit(key.key());
        }
    }

    @Test
    void timersAreCalledAsTheirResultsAreTaken() throws Exception {
        Waiting waiting = new Waiting();
        Run run = new Run(() -> waiting);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            rows.add(row("key " + i % 100, i));
        }
        run.rows(rows);
        List<Iterator<Batch>> left = new ArrayList<>();
        run.operator.onWatermark(new Watermark(2_000_000), new Outbox() {
            @Override
            public void emit(Batch batch) {
                run.emit(batch);
            }

            @Override
            public void emitAll(Iterator<Batch> batches) {
                left.add(batches);
            }
        });
        assertThat(waiting.called).isZero();
        run.emit(left.get(0).next());
        assertThat(waiting.called).isBetween(1, 2_000);
        run.emitAll(left.get(0));
        assertThat(waiting.called).isEqualTo(10_000);
        assertThat(run.told).hasSize(10_000);
        run.operator.close();
    }

    @Test
    void aLargeStateIsManyTables() throws Exception {
        KeyedOperator last = new KeyedOperator() {
            private @Nullable ValueState<Long> time;

            @Override
            public void declare(States states) {
                time = states.value("time", Long.class);
            }

            @Override
            public void process(Row row, KeyContext key, RowOutput out) {
                Objects.requireNonNull(time).set(row.getLong("t"));
                key.setTimer(at(row.getLong("t")));
            }
        };
        Run run = new Run(() -> last);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 70_000; i++) {
            rows.add(row("key " + i, i + 5));
        }
        run.rows(rows);
        List<Batch> tables = ((Tabular) run.operator).tables();
        assertThat(tables).hasSizeGreaterThan(2);
        assertThat(tables.stream().mapToInt(Batch::rowCount).sum()).isEqualTo(70_000);
        tables.forEach(Batch::close);
        run.operator.close();
    }

    @Test
    void twoStatesOfOneNameAndStateWithoutAKeyAreRefused() {
        assertThatThrownBy(() -> new Run(() -> declaring(states -> {
                    states.value("n", Long.class);
                    states.list("n", Long.class);
                })))
                .hasMessageContaining("two states have the name 'n'");
        assertThatThrownBy(() -> new Run(
                        () -> declaring(states -> states.value("n", Long.class).get())))
                .hasMessageContaining("none is being handled");
        assertThatThrownBy(() -> StateTtl.after(Duration.ZERO)).hasMessageContaining("SOL-");
    }

    /** Forgets, and tells so by the clock. */
    @Test
    void stateExpiresAndClockTimersCome() {
        ManualClock clock = new ManualClock(1_000_000);
        KeyedStates states = new KeyedStates(clock);
        states.opened(new OneTask(memory, List.of("k")));
        ValueState<String> value = states.value("v", String.class, StateTtl.after(Duration.ofSeconds(10)));
        ListState<String> list = states.list("l", String.class);
        int key;
        try (Batch batch = new RowWriter(null).write(List.of(row("a", 1)), memory)) {
            key = states.keys(batch)[0];
        }
        states.handle(key);
        value.set("x");
        list.add("y");
        clock.advance(9_999);
        assertThat(value.get()).isEqualTo("x");
        clock.advance(1);
        assertThat(value.get()).as("exactly when its time is over").isNull();
        assertThat(list.get()).containsExactly("y");
        list.set(List.of());
        states.handleNone();
        states.settle();
        assertThat(states.table().get(key)).as("a key of which nothing is left").isNull();

        KeyTimers timers = states.timers();
        timers.set(key, 5);
        timers.set(key, 5);
        timers.set(key, 4);
        timers.delete(key, 7);
        assertThat(timers.next(3)).isNull();
        assertThat(timers.next(9)).isEqualTo(new KeyTimers.Due(key, 4));
        assertThat(timers.next(9)).isEqualTo(new KeyTimers.Due(key, 5));
        assertThat(timers.isEmpty()).isTrue();
        states.settle();
        assertThat(((ColumnTable) states.table()).runs().live()).isZero();
        states.close();
    }
}
