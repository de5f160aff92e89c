package io.solstice.worker.record;

import io.solstice.api.operator.FlatMapFunction;
import io.solstice.api.operator.MapFunction;
import io.solstice.api.row.RecordSchema;
import io.solstice.exchange.batch.Batch;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/** A function from one record to none, one or many, as an operation on batches. Serves one thread. */
public final class RecordFlatMap {
    private final RecordResults.Code code;

    private RecordFlatMap(RecordResults.Code code) {
        this.code = code;
    }

    public static <I extends Record, O extends Record> RecordFlatMap compile(
            Class<I> in, Class<O> out, FlatMapFunction<? super I, O> function, Schema input) {
        Schema made = RecordSchema.of(out);
        InputBinding binding = InputBinding.of(RecordShape.of(in), input);
        RecordShape output = RecordShape.of(out);
        MapFunction<I, Iterable<O>> toMany = function::apply;
        RecordLoop loop = RecordLoopGenerator.objects(binding, toMany);
        RecordStore store = RecordLoopGenerator.store(output, made.getFields());
        return new RecordFlatMap(new RecordResults.Code(loop, store, binding, output, made));
    }

    public Schema outputSchema() {
        return code.schema();
    }

    /**
     * The function's results, in batches that are made as they are asked for, so that a row with endless results takes
     * no endless memory.
     *
     * @param batch taken over: closed when the results are
     * @param mostRows the rows of a batch of results
     */
    public RecordResults apply(Batch batch, int mostRows, BufferAllocator allocator, RecordFailures failures) {
        return new RecordResults(batch, mostRows, allocator, failures, code);
    }
}
