package io.solstice.bench.window;

import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.bench.measure.Contender;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.spi.TwoInputs;
import io.solstice.worker.join.Join;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A join of whole inputs, by the operator alone, where the right one is larger than the memory for it: half of the rows
 * are right, half are left, and there are as many keys as right rows. On one thread, over batches made before, in memory
 * of their own.
 */
public final class LargeJoins implements AutoCloseable {
    /** Of the operator. A million right rows take some 60 MB of the heap, and as much of Arrow memory. */
    private static final long LIMIT = 64L << 20;

    private final BufferAllocator input = new RootAllocator();
    private final BufferAllocator memory = new RootAllocator(LIMIT);
    private final WindowRows left;
    private final WindowRows right;
    private final long count;
    private final long pairs;

    public LargeJoins(long count) {
        this.count = count;
        int keys = (int) (count / 2);
        this.left = new WindowRows(count / 2, keys, false, input);
        this.right = new WindowRows(count / 2, keys, false, input);
        this.pairs = pairs(keys);
    }

    /** Counted by hand. */
    private long pairs(int keys) {
        int[] rights = new int[keys];
        for (Batch batch : right.batches()) {
            for (int row = 0; row < batch.rowCount(); row++) {
                rights[key(batch, row)]++;
            }
        }
        long sum = 0;
        for (Batch batch : left.batches()) {
            for (int row = 0; row < batch.rowCount(); row++) {
                sum += rights[key(batch, row)];
            }
        }
        return sum;
    }

    private static int key(Batch batch, int row) {
        return (int) (((BigIntVector) batch.column(0)).get(row) / WindowRows.KEY_STEP);
    }

    public List<Contender> all() {
        return List.of(contender("join-large", memory), contender("join-large-memory", input));
    }

    private Contender contender(String query, BufferAllocator limited) {
        return new Contender("solstice", query, "operator", 1, count, meter -> {
            meter.begin();
            long found = run(limited);
            meter.end();
            if (found != pairs) {
                throw new IllegalStateException(query + " found " + found + " pairs, expected " + pairs);
            }
        });
    }

    private long run(BufferAllocator limited) {
        long[] found = new long[1];
        Outbox out = new Outbox() {
            @Override
            public void emit(Batch batch) {
                try (batch) {
                    found[0] += batch.rowCount();
                }
            }

            @Override
            public void emitAll(Iterator<Batch> batches) {
                batches.forEachRemaining(this::emit);
            }
        };
        Schema schema = left.batches().get(0).schema();
        try (Join join = new Join(JoinOperator.inner("left", "right").on("key"), Clock.SYSTEM)) {
            join.bind(schema, schema);
            join.open(new OperatorTask(limited));
            // Memory of one root cannot be kept in another: each batch comes as from a wire.
            right.batches().forEach(batch -> join.process(TwoInputs.RIGHT, copied(batch, limited), out));
            join.ended(TwoInputs.RIGHT, out);
            left.batches().forEach(batch -> join.process(TwoInputs.LEFT, copied(batch, limited), out));
            join.finish(out);
        }
        return found[0];
    }

    private static Batch copied(Batch batch, BufferAllocator memory) {
        Selection all = new Selection();
        all.addRun(0, batch.rowCount());
        return Gather.rows(batch, all, memory);
    }

    @Override
    public void close() {
        left.close();
        right.close();
        memory.close();
        input.close();
    }
}
