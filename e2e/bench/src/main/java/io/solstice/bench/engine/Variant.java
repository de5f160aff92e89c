package io.solstice.bench.engine;

import io.solstice.bench.nexmark.Query;
import java.util.Locale;

/** How Solstice does a query. */
enum Variant {
    EXPR,
    TYPED,
    REPLAY_EXPR,
    REPLAY_TYPED,
    /** Whole rows go from one task to another before they reach the sink. */
    EXCHANGE,
    /** The same, divided by the hash of a column. */
    HASH;

    boolean replays() {
        return this == REPLAY_EXPR || this == REPLAY_TYPED;
    }

    /** Time must go on, so queries with state need new events; and there may be nothing that a function could do. */
    boolean does(Query query) {
        return !query.hasState() || this == EXPR || this == TYPED && query == Query.Q5;
    }

    boolean exchanges() {
        return this == EXCHANGE || this == HASH;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
