package io.solstice.worker.window;

import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.aggregate.Tally;
import io.solstice.worker.aggregate.TallyShape;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;

/** One result for each key, at the end of the input. */
final class WholeInput implements Kept {
    private final AggregationPlan plan;
    private final Results results;
    private final Tally tally;
    private int[] groups = new int[0];

    WholeInput(AggregationPlan plan, Results results) {
        this.plan = plan;
        this.results = results;
        this.tally = new Tally(plan.shape(), 0);
    }

    @Override
    public void add(Batch batch, BatchInput input, long watermark, Aside aside, Outbox out) {
        int rows = batch.rowCount();
        groups = groups.length < rows ? new int[rows] : groups;
        input.readValues(batch);
        tally.add(input.keys(batch), input.lanes(), input.times(), rows, groups);
    }

    @Override
    public void merge(Batch partial, long watermark, Aside aside, Outbox out) {
        load(partial);
    }

    @Override
    public void advance(long before, long now, Outbox out) {
        if (now < Long.MAX_VALUE) {
            return;
        }
        int size = tally.size();
        int[] picks = TallyShape.sequence(size);
        Iterator<Batch> batches = IntStream.iterate(0, from -> from < size, from -> from + Results.ROWS)
                .mapToObj(from -> batch(picks, from, Math.min(Results.ROWS, size - from)))
                .iterator();
        out.emitAll(batches);
    }

    private Batch batch(int[] picks, int from, int count) {
        List<FieldVector> keys = tally.keys(picks, from, count, results.allocator());
        return results.batch(keys, () -> tally.results(picks, from, count, results.allocator()), count, null);
    }

    @Override
    public void save(List<Batch> tables) {
        StateTables saved = new StateTables(tables, results.allocator());
        saved.add(tally, List.of());
        saved.end();
    }

    @Override
    public void load(Batch table) {
        StateTables.load(tally, plan.shape().keys().size(), 0, table, new int[table.rowCount()]);
    }
}
