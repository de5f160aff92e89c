package io.solstice.worker.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.operator.EventTimeOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.api.operator.TaskShare;
import io.solstice.api.operator.TaskState;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowWriter;
import io.solstice.api.time.Watermarks;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventTimesTest implements Clock, Outbox {
    private static final Schema SCHEMA =
            new Schema(List.of(new Field("t", FieldType.nullable(new ArrowType.Int(64, true)), null)));

    private static final TaskShare ALL = new TaskShare() {
        @Override
        public boolean owns(@Nullable Object... key) {
            return true;
        }

        @Override
        public boolean inherits(TaskState before) {
            return true;
        }
    };

    private final RootAllocator memory = new RootAllocator();
    private long nanos;
    private int rows;

    @AfterEach
    void nothingIsLeft() {
        memory.close();
    }

    @Override
    public long wallMillis() {
        return nanos / 1_000_000;
    }

    @Override
    public long monotonicNanos() {
        return nanos;
    }

    @Override
    public void emit(Batch batch) {
        try (batch) {
            rows += batch.rowCount();
        }
    }

    @Override
    public void emitAll(Iterator<Batch> batches) {
        batches.forEachRemaining(this::emit);
    }

    private EventTimes operator() {
        return new EventTimes(
                Watermarks.of("t").delay(Duration.ofNanos(10_000)).idleTimeout(Duration.ofMillis(100)), this);
    }

    private @Nullable Watermark after(EventTimes operator, @Nullable Long... times) {
        List<Row> batch = Arrays.stream(times).map(time -> Row.of("t", time)).toList();
        operator.process(new RowWriter(SCHEMA).write(batch, memory), this);
        Watermark news = operator.takeNews();
        assertThat(operator.hasNews()).isFalse();
        return news;
    }

    @Test
    void itIsTheNewestTimeLessTheDelayAndNeverGoesBack() {
        EventTimes operator = operator();
        assertThat(after(operator, (Long) null)).isNull();
        assertThat(after(operator, 5L, null, 3L)).isEqualTo(new Watermark(-5));
        assertThat(after(operator, 4L)).isNull();
        assertThat(after(operator, 6L, 30L)).isEqualTo(new Watermark(20));
        assertThat(rows).isEqualTo(7);
    }

    @Test
    void aSilentOneIsIdleUntilRowsCome() {
        EventTimes operator = operator();
        after(operator, 50L);
        assertThat(operator.dueMillis()).isEqualTo(100);
        nanos += 100_000_000;
        assertThat(operator.dueMillis()).isZero();
        operator.onClock(this);
        assertThat(operator.isIdle()).isTrue();
        assertThat(operator.hasNews()).isFalse();
        assertThat(operator.dueMillis()).isEqualTo(Long.MAX_VALUE);
        assertThat(after(operator, 1L)).as("what it said before holds again").isEqualTo(new Watermark(40));
        assertThat(operator.isIdle()).isFalse();
        assertThat(operator.dueMillis()).isEqualTo(100);
    }

    @Test
    void aRestoredOneGoesOnWhereItWasAndOneOfSeveralWhereTheSlowestWas() {
        EventTimes before = operator();
        after(before, 50L);
        EventTimes same = operator();
        same.restore(before.checkpoint());
        assertThat(same.takeNews()).isEqualTo(new Watermark(40));
        EventTimes other = operator();
        after(other, 30L);
        EventTimes share = operator();
        share.rescale(new TaskState(0, 2, before.checkpoint(), Row.EMPTY), ALL);
        share.rescale(new TaskState(1, 2, other.checkpoint(), Row.EMPTY), ALL);
        assertThat(share.takeNews()).isEqualTo(new Watermark(20));
        assertThat(operator().checkpoint()).isEqualTo(Row.EMPTY);
    }

    @Test
    void whatTellsNoTimeIsRefused() {
        assertThatThrownBy(() -> new EventTimes(Watermarks.of("s"), this).outputSchema(SCHEMA))
                .hasMessageContaining("SOL-1202");
        assertThat(operator().outputSchema(SCHEMA)).isEqualTo(SCHEMA);
        assertThatThrownBy(() -> EventTimeOperator.by(Watermarks.of("t").splitsInOrder(true)))
                .hasMessageContaining("not possible behind a source");
        assertThatThrownBy(() -> EventTimeOperator.by(Watermarks.of("t").align("both", Duration.ofSeconds(1))))
                .hasMessageContaining("not possible behind a source");
    }
}
