package io.solstice.api.operator;

import org.jspecify.annotations.Nullable;

/** The key of a value, taken as text; null is a key like any other. */
@FunctionalInterface
public interface KeyFunction<I> {
    @Nullable
    Object apply(I value) throws Exception;
}
