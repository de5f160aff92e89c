package io.solstice.faults.workload;

import io.solstice.api.row.Row;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.KeyedOperator;
import io.solstice.api.state.RowOutput;
import io.solstice.api.state.States;
import io.solstice.api.state.ValueState;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Remembers a kilobyte of each visitor. Who comes with a row, and for how many times, follows from the place of the row
 * alone, so each row shows whether the state of its visitor is just what all rows before it have made.
 */
final class Visitors implements KeyedOperator {
    static final String COLUMN = "visitor";
    /** Of each visitor. */
    static final int BYTES = 1024;

    private final long visitorsOfPart;
    private @Nullable ValueState<Long> visits;
    private @Nullable ValueState<byte[]> memory;

    /** What tells the visitor. */
    public record Place(long part, long seq) {}

    public record Visitor(long visitor) {}

    /** @param visitorsOfPart who come one after the other, over and over */
    Visitors(long visitorsOfPart) {
        this.visitorsOfPart = visitorsOfPart;
    }

    static Visitor of(Place place, long visitorsOfPart) {
        return new Visitor(place.part() * visitorsOfPart + place.seq() % visitorsOfPart);
    }

    @Override
    public void declare(States states) {
        visits = states.value("visits", Long.class);
        memory = states.value("memory", byte[].class);
    }

    @Override
    public void process(Row row, KeyContext key, RowOutput out) {
        ValueState<Long> count = Objects.requireNonNull(visits);
        ValueState<byte[]> bytes = Objects.requireNonNull(memory);
        long visitor = row.getLong(COLUMN);
        long expected = row.getLong("seq") / visitorsOfPart;
        Long before = count.get();
        if (expected != (before == null ? 0 : before)) {
            throw new IllegalStateException("visitor " + visitor + " comes for the " + (expected + 1)
                    + "th time, and the state says that there were " + before + " visits before");
        }
        if (before != null && !Arrays.equals(bytes.get(), memory(visitor, before))) {
            throw new IllegalStateException("the memory of visitor " + visitor + " is not what was left");
        }
        count.set(expected + 1);
        bytes.set(memory(visitor, expected + 1));
        out.emit(row.without(COLUMN));
    }

    private static byte[] memory(long visitor, long visits) {
        byte[] bytes = new byte[BYTES];
        new SplittableRandom(visitor * 1_000_003 + visits).nextBytes(bytes);
        return bytes;
    }
}
