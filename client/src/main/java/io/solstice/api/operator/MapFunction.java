package io.solstice.api.operator;

/** One value for one value. Never returns null. */
@FunctionalInterface
public interface MapFunction<I, O> {
    O apply(I value) throws Exception;
}
