package io.solstice.bench.nexmark;

import java.io.Serializable;
import java.util.function.LongFunction;

/**
 * Makes events as objects, for systems that handle them one by one and send such makers to their tasks.
 *
 * @param <T> an event
 */
public interface EventMaker<T> extends Serializable {
    /** Makes event n, again and again the same one. Used by one task. */
    LongFunction<T> with(long seed);

    /** When an event happened, in milliseconds since 1970. */
    long millis(T event);
}
