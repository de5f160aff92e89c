package io.solstice.bench.engine;

import io.solstice.api.Job;
import io.solstice.api.Solstice;
import io.solstice.api.Stage;
import io.solstice.bench.nexmark.Query;
import io.solstice.bench.nexmark.Tally;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Heap bytes allocated for each row once warm, of replayed batches, so that the generator does not count. */
public final class AllocationSuite {
    private static final long SEED = 42;
    private static final List<Variant> VARIANTS = List.of(Variant.REPLAY_EXPR, Variant.REPLAY_TYPED);

    private final long rows;
    private final PrintStream out;

    public AllocationSuite(long rows, PrintStream out) {
        this.rows = rows;
        this.out = out;
    }

    public void run() throws InterruptedException {
        try (Solstice engine = Solstice.embedded()) {
            for (Query query : Query.stateless()) {
                for (Variant variant : VARIANTS) {
                    run(engine, query, variant);
                }
            }
        }
    }

    private void run(Solstice engine, Query query, Variant variant) throws InterruptedException {
        Stage source = Stage.source(
                "events",
                () -> new AllocationProbe(
                        new NexmarkSource(SEED, rows, 1, true, () -> {}),
                        rows / 2,
                        bytes -> print(query, variant, bytes)));
        Stage sink = Stage.sink("checksum", () -> new ChecksumSink(query, new Tally()::add));
        engine.submit(NexmarkJob.in(new Job("nexmark-" + query), query, variant, 1, source, sink))
                .await();
    }

    private void print(Query query, Variant variant, double bytesPerRow) {
        out.printf(
                Locale.ROOT,
                "{\"system\":\"solstice\",\"query\":\"allocation\",\"variant\":\"%s-%s\",\"par\":1,\"events\":%d,"
                        + "\"heap_bytes_per_event\":%.3f}%n",
                query,
                variant,
                rows,
                bytesPerRow);
    }
}
