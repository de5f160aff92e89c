package io.solstice.bench.engine;

import java.util.Locale;

/** How Solstice does a query. */
enum Variant {
    EXPR,
    TYPED,
    REPLAY_EXPR,
    REPLAY_TYPED,
    /** Whole rows go from one task to another before they reach the sink. */
    EXCHANGE;

    boolean replays() {
        return this == REPLAY_EXPR || this == REPLAY_TYPED;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
