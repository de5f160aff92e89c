package io.solstice.api.operator;

/** None, one or many values for one value. */
@FunctionalInterface
public interface FlatMapFunction<I, O> {
    Iterable<O> apply(I value) throws Exception;
}
