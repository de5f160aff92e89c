package io.solstice.worker.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowWriter;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.api.time.Watermarks;
import io.solstice.common.id.StageId;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.Idle;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import io.solstice.testing.MemorySource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventTimeInputTest {
    private static final Watermarks RULE = Watermarks.of("t").delay(Duration.ofNanos(10_000));
    private static final long NONE = SplitStart.NO_TIME;

    private final RootAllocator memory = new RootAllocator();
    private final AtomicLong nanos = new AtomicLong();
    private final Clock clock = new Clock() {
        @Override
        public long wallMillis() {
            throw new UnsupportedOperationException("event time has nothing to do with the wall's");
        }

        @Override
        public long monotonicNanos() {
            return nanos.get();
        }
    };

    @AfterEach
    void nothingIsLeft() {
        memory.close();
    }

    private SteppedTask context() {
        return new SteppedTask("run", "in", 0, 1, memory, new OperatorMemory(new StageId("in"), 0, 1));
    }

    /** Of one task, with the questions that it asked. */
    private final class Reading implements SourceInput.SplitRequests, AutoCloseable {
        final List<Boolean> questions = new ArrayList<>();
        final SourceInput splits;
        final EventTimeInput input;

        Reading(Source source, Watermarks rule) {
            this.splits = new SourceInput(source, context(), this, new StageCounters(), !rule.splitsInOrder(), clock);
            this.input = new EventTimeInput(splits, rule, null, clock);
        }

        @Override
        public void wanted(boolean ahead) {
            questions.add(ahead);
        }

        @Override
        public void finished(Split split) {}

        @Override
        public void close() {
            input.close();
        }
    }

    /** What a task would be told, batches by their newest time, until there is nothing. */
    private static List<Object> drain(EventTimeInput input) throws Exception {
        List<Object> told = new ArrayList<>();
        for (StreamElement next = input.poll(); next != null; next = input.poll()) {
            told.add(told(next));
            if (next instanceof EndOfInput) {
                break;
            }
        }
        return told;
    }

    private static Object told(StreamElement element) {
        if (element instanceof Batch batch) {
            try (batch) {
                BigIntVector times = (BigIntVector) batch.column("t");
                long newest = NONE;
                for (int row = 0; row < batch.rowCount(); row++) {
                    newest = times.isNull(row) ? newest : Math.max(newest, times.get(row));
                }
                return newest;
            }
        }
        return element;
    }

    private static Row at(@Nullable Long time) {
        return Row.of("t", time);
    }

    @Test
    void splitsThatNobodyReadsHoldTimeBack() throws Exception {
        List<Row> rows = List.of(at(100L), at(200L), at(50L), at(60L));
        MemorySource source = MemorySource.of(rows).splits(2).get();
        List<Split> splits = source.splits();
        try (Reading reading = new Reading(source, RULE)) {
            reading.splits.assign(List.of(SplitStart.fresh(splits.get(0))), false);
            assertThat(drain(reading.input)).isNotEmpty().allMatch(told -> told instanceof Long);
            assertThat(reading.input.timeHolder()).isEqualTo("splits that are not read yet");
            reading.splits.assign(List.of(SplitStart.fresh(splits.get(1))), true);
            List<Object> rest = drain(reading.input);
            assertThat(rest).contains(new Watermark(50)).endsWith(EndOfInput.INSTANCE);
            assertThat(rest)
                    .as("of the split that is read, not of the one before")
                    .doesNotContain(new Watermark(190));
        }
    }

    @Test
    void splitsInOrderHoldNothingBack() throws Exception {
        List<Row> rows = List.of(at(100L), at(200L), at(195L), at(300L));
        MemorySource source = MemorySource.of(rows).splits(2).get();
        try (Reading reading = new Reading(source, RULE.splitsInOrder(true))) {
            reading.splits.assign(List.of(SplitStart.fresh(source.splits().get(0))), false);
            assertThat(drain(reading.input)).endsWith(200L, new Watermark(190));
            reading.splits.assign(List.of(SplitStart.fresh(source.splits().get(1))), true);
            assertThat(drain(reading.input))
                    .as("and never go back")
                    .doesNotContain(new Watermark(185))
                    .endsWith(300L, new Watermark(290), EndOfInput.INSTANCE);
        }
    }

    @Test
    void theTaskAsksAgainWhetherItHasTheLastSplit() throws Exception {
        List<Row> rows = new ArrayList<>();
        for (long time = 0; time < 1_000; time++) {
            rows.add(at(time));
        }
        MemorySource source = MemorySource.of(rows).get();
        try (Reading reading = new Reading(source, RULE)) {
            reading.splits.assign(List.of(SplitStart.fresh(source.splits().get(0))), false);
            assertThat(told(Objects.requireNonNull(reading.input.poll()))).isInstanceOf(Long.class);
            reading.splits.assign(List.of(), false);
            nanos.addAndGet(1_000_000_000);
            assertThat(told(Objects.requireNonNull(reading.input.poll()))).isInstanceOf(Long.class);
            assertThat(reading.questions).as("the rest is for others, so far").containsExactly(true, true);
            reading.splits.assign(List.of(), true);
            assertThat(told(Objects.requireNonNull(reading.input.poll()))).isInstanceOf(Long.class);
            assertThat(reading.input.poll()).isInstanceOf(Watermark.class);
            nanos.addAndGet(1_000_000_000);
            assertThat(drain(reading.input)).endsWith(new Watermark(989), EndOfInput.INSTANCE);
            assertThat(reading.questions).hasSize(2);
        }
    }

    @Test
    void aRowWithoutTimeMovesNothing() throws Exception {
        MemorySource source = MemorySource.of(List.of(at(7L), at(null))).get();
        try (Reading reading = new Reading(source, RULE)) {
            reading.splits.assign(List.of(new SplitStart(source.splits().get(0), 1, NONE)), true);
            assertThat(drain(reading.input)).containsExactly(NONE, EndOfInput.INSTANCE);
        }
    }

    /** Whatever is cut and gone on with: time never goes back, and is never ahead of the newest row less the delay. */
    @Test
    void timeGoesOnWhereItWas() throws Exception {
        int complete = 0;
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<Row> rows = new ArrayList<>();
            for (int i = random.nextInt(600); i >= 0; i--) {
                rows.add(at(random.nextInt(20) == 0 ? null : (long) random.nextInt(100_000)));
            }
            MemorySource source = MemorySource.of(rows).seed(seed).get();
            SplitStart start = SplitStart.fresh(source.splits().get(0));
            long newest = NONE;
            long time = NONE;
            boolean over = false;
            while (!over) {
                try (Reading reading = new Reading(source, RULE)) {
                    reading.splits.assign(List.of(start), true);
                    for (int steps = random.nextInt(12); steps >= 0 && !over; steps--) {
                        Object told = told(Objects.requireNonNull(reading.input.poll()));
                        if (told instanceof Watermark mark) {
                            assertThat(mark.micros()).as("seed %d", seed).isGreaterThanOrEqualTo(time);
                            assertThat(mark.micros()).as("seed %d", seed).isLessThanOrEqualTo(newest - 10);
                            time = mark.micros();
                        }
                        newest = told instanceof Long latest ? Math.max(newest, latest) : newest;
                        over = told instanceof EndOfInput;
                    }
                    SourcePosition position = reading.input.position();
                    start = new SplitStart(start.split(), position.rows(), position.watermark());
                    assertThat(over || start.watermark() >= time)
                            .as("seed %d", seed)
                            .isTrue();
                }
            }
            complete += time != NONE && time == newest - 10 ? 1 : 0;
        }
        assertThat(complete).as("runs that came as far as time can").isGreaterThan(250);
    }

    /** Rows that come when the test gives them. */
    private final class Slow implements Source {
        final LinkedBlockingQueue<List<Row>> given = new LinkedBlockingQueue<>();

        @Override
        public Schema schema() {
            return MemorySource.of(List.of(at(1L))).get().schema();
        }

        @Override
        public List<Split> splits() {
            return List.of(new Split("stream", "", -1));
        }

        @Override
        public SourceReader open(Split split, long position, SourceContext context) {
            return new SourceReader() {
                @Override
                public @Nullable Batch read() throws Exception {
                    List<Row> rows = given.take();
                    return rows.isEmpty() ? null : new RowWriter(schema()).write(rows, context.allocator());
                }

                @Override
                public void close() {}
            };
        }
    }

    @Test
    void aSilentSplitIsSetAsideUntilItSpeaksAgain() throws Exception {
        Slow source = new Slow();
        Semaphore woken = new Semaphore(0);
        SourceInput splits =
                new SourceInput(source, context(), new Reading(source, RULE), new StageCounters(), true, clock);
        splits.assign(List.of(SplitStart.fresh(source.splits().get(0))), true);
        Watermarks rule = RULE.idleTimeout(Duration.ofSeconds(3));
        ReadAhead ahead = new ReadAhead("slow", splits, new Waker(), 1_000, woken::release);
        EventTimeInput input = new EventTimeInput(ahead, rule, null, clock);
        try {
            source.given.add(List.of(at(50L)));
            assertThat(next(input, woken)).isEqualTo(50L);
            assertThat(next(input, woken)).isEqualTo(new Watermark(40));
            assertThat(input.poll()).isNull();
            assertThat(input.dueNanos()).isEqualTo(Duration.ofSeconds(3).toNanos());
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            assertThat(input.poll()).isNull();
            assertThat(input.dueNanos()).isEqualTo(Duration.ofSeconds(1).toNanos());
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThat(input.poll()).isEqualTo(Idle.INSTANCE);
            assertThat(input.poll()).as("said once").isNull();
            assertThat(input.dueNanos()).isEqualTo(Long.MAX_VALUE);
            source.given.add(List.of(at(45L)));
            assertThat(next(input, woken)).isEqualTo(45L);
            assertThat(next(input, woken))
                    .as("it keeps time again, if not a newer one")
                    .isEqualTo(new Watermark(40));
            source.given.add(List.of());
            assertThat(next(input, woken)).isEqualTo(EndOfInput.INSTANCE);
        } finally {
            input.close();
        }
    }

    private static Object next(EventTimeInput input, Semaphore woken) throws Exception {
        StreamElement next = input.poll();
        while (next == null) {
            woken.acquire();
            next = input.poll();
        }
        return told(next);
    }
}
