package io.solstice.bench.state;

import io.solstice.api.row.Row;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.KeyedOperator;
import io.solstice.api.state.RowOutput;
import io.solstice.api.state.States;
import io.solstice.api.state.ValueState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keeps a hundred random hexadecimal digits for each key, and changes them with each row. Fails when its witness does. */
final class Touching implements KeyedOperator {
    private static final int BYTES = 100;
    /** With each row so many. */
    private static final int CHANGED = 8;

    private static final String DIGITS = "0123456789abcdef";

    private final Witness witness;
    private @Nullable ValueState<byte[]> content;
    private int number;
    private long random;

    Touching(Witness witness) {
        this.witness = witness;
    }

    @Override
    public void declare(States states) {
        number = witness.opened();
        random = number;
        content = states.value("content", byte[].class);
    }

    @Override
    public void process(Row row, KeyContext key, RowOutput out) {
        ValueState<byte[]> state = Objects.requireNonNull(content);
        byte[] before = state.get();
        byte[] now = before == null ? new byte[BYTES] : before.clone();
        for (int i = before == null ? 0 : BYTES - CHANGED; i < BYTES; i++) {
            random = random * 0x5851f42d4c957f2dL + 0x14057b7ef767814fL;
            now[i] = (byte) DIGITS.charAt((int) (random >>> 60));
        }
        state.set(now);
        witness.touched(number, before == null, out);
    }
}
