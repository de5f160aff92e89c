package io.solstice.worker.record;

import io.solstice.api.operator.MapFunction;
import io.solstice.api.row.RecordSchema;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Schema;

/** A function from record to record, as an operation on batches. Serves one thread. */
public final class RecordMap {
    private final InputBinding input;
    private final RecordShape output;
    private final Schema made;
    private final Placement placement;
    private final RecordLoop loop;

    private RecordMap(InputBinding input, RecordShape output, Schema made, Placement placement, RecordLoop loop) {
        this.input = input;
        this.output = output;
        this.made = made;
        this.placement = placement;
        this.loop = loop;
    }

    /**
     * @param keepInput whether the input's other columns stay, the result's taking the place of those of their name
     */
    public static <I extends Record, O extends Record> RecordMap compile(
            Class<I> in, Class<O> out, MapFunction<? super I, ? extends O> function, Schema input, boolean keepInput) {
        Schema made = RecordSchema.of(out);
        InputBinding binding = InputBinding.of(RecordShape.of(in), input);
        RecordShape output = RecordShape.of(out);
        RecordLoop loop = RecordLoopGenerator.map(binding, function, output, made.getFields());
        Placement placement = keepInput ? Placement.over(input, made.getFields()) : Placement.of(made);
        return new RecordMap(binding, output, made, placement, loop);
    }

    public Schema outputSchema() {
        return placement.schema();
    }

    /** The function's results for the rows of the batch, which stays the caller's; rows that fail are left out. */
    public Batch apply(Batch batch, BufferAllocator allocator, RecordFailures failures) {
        int rows = batch.rowCount();
        try (InputColumns in = new InputColumns(input, batch, allocator);
                OutputColumns out = new OutputColumns(output, made.getFields(), rows, allocator)) {
            Optional<Selection> good = RecordRun.over(loop, in, out.addresses, out.sinks, rows, failures);
            List<FieldVector> vectors = out.finish(rows);
            Batch all = batch.rearrange(placement.schema(), placement.origins(), vectors);
            if (good.isEmpty()) {
                return all;
            }
            try (all) {
                return Gather.rows(all, good.get(), allocator);
            }
        }
    }
}
