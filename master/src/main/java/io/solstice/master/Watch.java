package io.solstice.master;

/** Somebody's interest in a run; close it to lose it. */
@FunctionalInterface
public interface Watch extends AutoCloseable {
    @Override
    void close();
}
