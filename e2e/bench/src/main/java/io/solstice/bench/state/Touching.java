package io.solstice.bench.state;

import io.solstice.api.row.Row;
import io.solstice.api.state.KeyContext;
import io.solstice.api.state.KeyedOperator;
import io.solstice.api.state.RowOutput;
import io.solstice.api.state.States;
import io.solstice.api.state.ValueState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keeps a hundred bytes for each key, and changes them with each row. Fails when it is told to. */
final class Touching implements KeyedOperator {
    private static final int BYTES = 100;

    private final Touches touches;
    private @Nullable ValueState<byte[]> content;
    private int number;

    Touching(Touches touches) {
        this.touches = touches;
    }

    @Override
    public void declare(States states) {
        number = touches.opened();
        content = states.value("content", byte[].class);
    }

    @Override
    public void process(Row row, KeyContext key, RowOutput out) {
        ValueState<byte[]> state = Objects.requireNonNull(content);
        byte[] before = state.get();
        byte[] now = before == null ? new byte[BYTES] : before.clone();
        now[0]++;
        state.set(now);
        touches.touched(number, before == null);
    }
}
