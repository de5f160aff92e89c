package io.solstice.worker.window;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.row.Row;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import io.solstice.worker.task.Condenser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Tasks that aggregate before they send, each with a watermark of its own; the receivers' is the least of them. Which of
 * them has rows, how far ahead it is and how long it holds rows follows from a seed.
 */
final class Senders {
    private final AggregateOperator definition;
    private final BufferAllocator memory;
    private final Consumer<Batch> onward;
    private final Random random;
    private final List<Condenser> tasks = new ArrayList<>();
    private final List<Boolean> idle = new ArrayList<>();
    /** Those whose new watermark the receivers have heard of, without their knowing it yet. */
    private final Set<Condenser> resuming = new HashSet<>();

    private long marked = Watermark.NONE;
    private long nanos;
    private final Clock clock = new Clock() {
        @Override
        public long monotonicNanos() {
            return nanos;
        }

        @Override
        public long wallMillis() {
            return nanos / 1_000_000;
        }
    };
    private long batches;

    Senders(AggregateOperator definition, BufferAllocator memory, long seed, Consumer<Batch> onward) {
        this.definition = definition;
        this.memory = memory;
        this.random = new Random(seed);
        this.onward = batch -> {
            batches++;
            onward.accept(batch);
        };
        begin(List.of());
    }

    /** Begins anew, with receivers that begin with these states. */
    void begin(List<Row> before) {
        tasks.clear();
        resuming.clear();
        idle.clear();
        for (int i = 0; i < count(); i++) {
            tasks.add(new PreAggregation(definition, memory, clock, () -> before));
            idle.add(false);
        }
    }

    /** Of rows with equal times those that come first or last decide, so they come from one. */
    private int count() {
        boolean ordered = definition.aggregates().stream().anyMatch(aggregate -> switch (aggregate.kind()) {
            case FIRST, LAST -> true;
            default -> false;
        });
        return ordered ? 1 : 1 + random.nextInt(3);
    }

    void rows(Batch batch) {
        int task = random.nextInt(tasks.size());
        resuming.removeIf(known -> {
            boolean told = random.nextBoolean();
            if (told) {
                known.resume(marked);
            }
            return told;
        });
        if (task > 0 && random.nextInt(10) == 0) {
            resuming.remove(tasks.get(task));
            idle.set(task, true);
            tasks.get(task).idle(onward);
        }
        tasks.get(task).take(batch, onward);
        nanos += random.nextInt((int) PreAggregation.HOLD_NANOS);
        for (Condenser other : tasks) {
            if (other.dueNanos() <= 0) {
                other.flush(onward);
            }
        }
    }

    /**
     * The first has said this watermark, and the others are ahead, where that cannot change which results are early. One
     * that was idle may be behind, which cannot take time back.
     */
    void mark(long micros) {
        marked = Math.max(marked, micros);
        for (int i = 0; i < tasks.size(); i++) {
            long ahead = i == 0 || definition.earlyMicros() > 0 ? 0 : random.nextInt(20) * 1_000L;
            if (!idle.get(i)) {
                tasks.get(i).watermark(new Watermark(micros + ahead), onward);
            } else if (random.nextInt(3) == 0) {
                tasks.get(i).watermark(new Watermark(micros - random.nextInt(20) * 1_000L), onward);
                idle.set(i, false);
                resuming.add(tasks.get(i));
            }
        }
    }

    void flush() {
        tasks.forEach(task -> task.flush(onward));
    }

    /** How many batches were sent. */
    long batches() {
        return batches;
    }
}
