package io.solstice.api.operator;

/** Whether to keep a value. */
@FunctionalInterface
public interface FilterFunction<I> {
    boolean test(I value) throws Exception;
}
