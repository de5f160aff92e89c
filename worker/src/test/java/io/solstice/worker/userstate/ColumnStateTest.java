package io.solstice.worker.userstate;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.state.StateTtl;
import io.solstice.api.state.ValueState;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.Incremental.Fresh;
import io.solstice.worker.ManualClock;
import io.solstice.worker.overflow.Overflow;
import io.solstice.worker.userstate.KeyTable.Sizes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** State in columns: what becomes too old, and what does not fit into memory. */
class ColumnStateTest {
    private final RootAllocator memory = new RootAllocator();

    @AfterEach
    void nothingIsLeft() {
        memory.close();
    }

    /** Each key comes once, as when doubles are sought: nothing is ever out of date, but for its age. */
    @Test
    void whatHasBecomeTooOldIsLetGoThoughItsKeyNeverComesAgain() {
        ManualClock clock = new ManualClock(1_000_000);
        KeyedStates states = new KeyedStates(clock, new Sizes(1_000, 1_000, 1 << 20, 100, 8));
        states.opened(new OneTask(memory, List.of("k")));
        ValueState<Boolean> seen = states.value("seen", Boolean.class, StateTtl.after(Duration.ofSeconds(10)));
        ValueState<Long> lasting = states.value("lasting", Long.class);
        StatePieces pieces = new StatePieces(states);
        for (long second = 0; second < 100; second++) {
            for (long key = second * 500; key < second * 500 + 500; key++) {
                states.handle(StatePiecesTest.keyOf(states, key, memory));
                assertThat(seen.get()).isNull();
                seen.set(true);
                if (key % 100 == 0) {
                    lasting.set(key);
                }
            }
            states.handleNone();
            pieces.at(second + 1, second).stream()
                    .filter(Fresh.class::isInstance)
                    .forEach(piece -> ((Fresh) piece).table().close());
            clock.advance(1_000);
            assertThat(runs(states).live()).isLessThan(11 * 500 + second * 5 + 1_000);
        }
        states.handle(StatePiecesTest.keyOf(states, 49_999, memory));
        assertThat(seen.get()).isTrue();
        states.handle(StatePiecesTest.keyOf(states, 500, memory));
        assertThat(seen.get()).isNull();
        assertThat(lasting.get()).isEqualTo(500);
        assertThat(StatePiecesTest.keyOf(states, 50_000, memory))
                .as("numbers of keys that are gone")
                .isLessThan(20_000);
        states.close();
    }

    /** As after a restore: all tables are of one age. The task does not stand still for all of them. */
    @Test
    void whatBecomesTooOldAtOnceIsLetGoInSteps() {
        ManualClock clock = new ManualClock(1_000_000);
        KeyedStates states = new KeyedStates(clock, new Sizes(100, 100, 1 << 20, 100, 200));
        states.opened(new OneTask(memory, List.of("k")));
        ValueState<Boolean> seen = states.value("seen", Boolean.class, StateTtl.after(Duration.ofSeconds(10)));
        for (long key = 0; key < 10_000; key++) {
            states.handle(StatePiecesTest.keyOf(states, key, memory));
            seen.set(true);
        }
        states.handleNone();
        states.settle();
        Runs runs = runs(states);
        assertThat(runs.live()).isEqualTo(10_000);
        clock.advance(10_000);
        int steps = 0;
        for (long before = runs.live(); before > 0; before = runs.live(), steps++) {
            states.settle();
            assertThat(before - runs.live()).isBetween(1L, 400L);
        }
        assertThat(steps).isGreaterThanOrEqualTo(25);
        states.close();
    }

    @Test
    void whatDoesNotFitIntoMemoryLiesInFiles() {
        long limit = 24L << 20;
        long keys = 60_000;
        try (RootAllocator small = new RootAllocator(limit)) {
            KeyedStates states = new KeyedStates(Clock.SYSTEM, new Sizes(1_000, 1_000, 4 << 20, 100, 8));
            states.opened(new OneTask(small, List.of("k")));
            ValueState<byte[]> content = states.value("content", byte[].class);
            for (int round = 1; round <= 2; round++) {
                for (long key = 0; key < keys; key += round) {
                    states.handle(StatePiecesTest.keyOf(states, key, small));
                    byte[] bytes = new byte[4_000];
                    bytes[0] = (byte) (key + round);
                    content.set(bytes);
                }
                states.handleNone();
            }
            assertThat(small.getAllocatedMemory()).isLessThan(limit * 3 / 4);
            assertThat(Overflow.mappedBytes()).as("ten times the limit").isGreaterThan(10 * limit);
            KeyedStates after = new KeyedStates(Clock.SYSTEM);
            after.opened(new OneTask(small, List.of("k")));
            ValueState<byte[]> restored = after.value("content", byte[].class);
            StatePieces pieces = new StatePieces(after);
            for (Batch table : new StatePieces(states).whole()) {
                try (table) {
                    pieces.load(table);
                }
            }
            states.close();
            for (long key = 0; key < keys; key++) {
                after.handle(StatePiecesTest.keyOf(after, key, small));
                int expected = (byte) (key + (key % 2 == 0 ? 2 : 1));
                assertThat(Objects.requireNonNull(restored.get())[0]).isEqualTo((byte) expected);
            }
            after.close();
        }
        assertThat(Overflow.mappedBytes()).isZero();
    }

    private static Runs runs(KeyedStates states) {
        return ((ColumnTable) states.table()).runs();
    }
}
