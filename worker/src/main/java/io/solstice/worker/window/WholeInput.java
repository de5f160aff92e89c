package io.solstice.worker.window;

import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.aggregate.Tally;
import io.solstice.worker.aggregate.TallyShape;
import io.solstice.worker.pile.Pile;
import io.solstice.worker.pile.Piles;
import io.solstice.worker.pile.Run;
import io.solstice.worker.pile.RunOwner;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;

/** One result for each key, at the end of the input. */
final class WholeInput implements Kept {
    private final AggregationPlan plan;
    private final Results results;
    private final Piles piles;
    private final Pile pile;
    private int[] groups = new int[0];

    WholeInput(AggregationPlan plan, Results results, Piles piles) {
        this.plan = plan;
        this.results = results;
        this.piles = piles;
        this.pile = new Pile(piles, plan.shape(), null);
    }

    @Override
    public void add(Batch batch, BatchInput input, long watermark, Aside aside, Outbox out) {
        int rows = batch.rowCount();
        groups = groups.length < rows ? new int[rows] : groups;
        input.readValues(batch);
        pile.live().add(input.keys(batch), input.lanes(), input.times(), rows, groups);
        pile.changed();
        piles.makeRoom();
    }

    @Override
    public void merge(Batch partial, long watermark, Aside aside, Outbox out) {
        StateTables.load(pile.live(), plan.shape().keys().size(), 0, partial, new int[partial.rowCount()]);
        pile.changed();
        piles.makeRoom();
    }

    @Override
    public void advance(long before, long now, Outbox out) {
        if (now < Long.MAX_VALUE) {
            return;
        }
        out.emitAll(new PartFiring() {
            @Override
            int bits() {
                return Pile.bits(List.of(pile));
            }

            @Override
            Tally sum(int part, int bits) {
                return WholeInput.this.sum(part, bits);
            }

            @Override
            Iterator<Batch> batches(Tally sum) {
                return WholeInput.this.batches(sum);
            }

            @Override
            void done(Tally sum) {}

            @Override
            void end() {}
        });
    }

    private Tally sum(int part, int bits) {
        if (pile.isPlain()) {
            return pile.live();
        }
        Tally sum = new Tally(plan.shape(), 0);
        pile.mergeInto(sum, part, bits);
        return sum;
    }

    private Iterator<Batch> batches(Tally sum) {
        int size = sum.size();
        int[] picks = TallyShape.sequence(size);
        return IntStream.iterate(0, from -> from < size, from -> from + Results.ROWS)
                .mapToObj(from -> batch(sum, picks, from, Math.min(Results.ROWS, size - from)))
                .iterator();
    }

    private Batch batch(Tally sum, int[] picks, int from, int count) {
        List<FieldVector> keys = sum.keys(picks, from, count, results.allocator());
        return results.batch(keys, () -> sum.results(picks, from, count, results.allocator()), count, null);
    }

    @Override
    public void addPiles(List<RunOwner> to) {
        to.add(pile);
    }

    @Override
    public void save(List<Batch> tables) {
        StateTables saved = new StateTables(tables, results.allocator());
        try {
            saved.add(pile.live(), List.of());
            saved.end();
        } finally {
            saved.drop();
        }
    }

    @Override
    public List<Run> load(Batch table, long watermark) {
        Run run = pile.load(table);
        piles.makeRoom();
        return run == null ? List.of() : List.of(run);
    }
}
