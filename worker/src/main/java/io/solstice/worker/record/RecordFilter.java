package io.solstice.worker.record;

import io.solstice.api.operator.FilterFunction;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Selection;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/** A test on records, as a choice of a batch's rows. Serves one thread. */
public final class RecordFilter {
    private static final long[] NOTHING = new long[0];

    private final InputBinding input;
    private final RecordLoop loop;

    private RecordFilter(InputBinding input, RecordLoop loop) {
        this.input = input;
        this.loop = loop;
    }

    public static <I extends Record> RecordFilter compile(
            Class<I> in, FilterFunction<? super I> function, Schema input) {
        InputBinding binding = InputBinding.of(RecordShape.of(in), input);
        return new RecordFilter(binding, RecordLoopGenerator.filter(binding, function));
    }

    /** Selects the rows for which the function returns true; rows that fail are left out. */
    public void select(Batch batch, Selection selection, BufferAllocator allocator, RecordFailures failures) {
        selection.clear();
        try (InputColumns in = new InputColumns(input, batch, allocator)) {
            RecordRun.over(loop, in, NOTHING, new Object[] {selection}, batch.rowCount(), failures);
        }
    }
}
