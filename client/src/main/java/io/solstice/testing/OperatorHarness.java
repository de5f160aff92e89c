package io.solstice.testing;

import io.solstice.api.EngineProvider;
import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.CustomOperator;
import io.solstice.api.operator.Operator;
import io.solstice.api.operator.OperatorDefinition;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowSchema;
import io.solstice.api.row.RowWriter;
import io.solstice.common.graph.JobGraph;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.KeyedInput;
import io.solstice.spi.StateFormat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Runs one operator the way a bad day would, and checks that it does not matter: the same rows as one batch, as batches
 * of one row, and cut at random; with and without taking its state out after every batch and putting it back into a new
 * object; its results taken one batch at a time; and, if asked, as tasks whose number changes. All runs must give the
 * same rows, and no off-heap byte may be left.
 *
 * <pre>{@code
 * List<Row> out = OperatorHarness.of(MapOperator.rows(row -> row.with("y", 1))).run(Row.of("x", 1));
 * }</pre>
 *
 * Needs {@code solstice-embedded} on the class path. Used by one thread.
 */
public final class OperatorHarness {
    /** How many tasks a keyed stage has, one number after the other. */
    private static final List<List<Integer>> PARALLELISMS =
            List.of(List.of(1, 3, 2), List.of(4, 1, 5), List.of(2, 7, 3, 1));

    private final Supplier<BatchOperator> operators;
    private final @Nullable Schema schema;
    private final boolean restoring;
    private final List<String> keys;
    private List<Skipped> skipped = List.of();

    /** A record that {@code skip_on_error} set aside. */
    public record Skipped(Row row, Throwable why) {}

    private OperatorHarness(
            Supplier<BatchOperator> operators, @Nullable Schema schema, boolean restoring, List<String> keys) {
        this.operators = operators;
        this.schema = schema;
        this.restoring = restoring;
        this.keys = keys;
    }

    public static OperatorHarness of(OperatorDefinition definition) {
        EngineProvider engine =
                ServiceLoader.load(EngineProvider.class).findFirst().orElseThrow();
        return new OperatorHarness(() -> engine.createOperator(definition), null, true, List.of());
    }

    /** An operator of one's own; the supplier must give a new object each time. */
    public static OperatorHarness of(Supplier<? extends Operator> operator) {
        return of(new CustomOperator(operator));
    }

    /** The schema of the input, instead of finding it out from the rows. */
    public OperatorHarness input(Schema input) {
        return new OperatorHarness(operators, input, restoring, keys);
    }

    /** Leaves state in place between batches, for operators that cannot give it out. */
    public OperatorHarness withoutRestoring() {
        return new OperatorHarness(operators, schema, false, keys);
    }

    /**
     * The operator stands in a stage whose rows are divided by these columns, and is {@code Rescalable}: it is also run
     * as several tasks whose number changes between batches. The rows must be the same then, in any order.
     */
    public OperatorHarness keyedBy(String... columns) {
        return new OperatorHarness(operators, schema, restoring, List.of(columns));
    }

    public List<Row> run(Row... rows) throws Exception {
        return run(List.of(rows));
    }

    /** The operator's results, in order; an {@link AssertionError} if the runs differ. */
    public List<Row> run(List<Row> rows) throws Exception {
        List<Row> expected = once(rows, List.of(rows.size()), false);
        List<Skipped> expectedSkips = skipped;
        for (boolean restore : restoring ? new boolean[] {false, true} : new boolean[] {false}) {
            compare(expected, once(rows, ones(rows.size()), restore), "batches of one row", restore);
            for (int seed = 0; seed < 3; seed++) {
                List<Integer> cuts = cuts(rows.size(), new Random(seed));
                compare(expected, once(rows, cuts, restore), "batches of " + cuts + " rows", restore);
            }
        }
        if (!keys.isEmpty()) {
            for (List<Integer> tasks : PARALLELISMS) {
                compareAsSets(expected, rescaled(rows, tasks), tasks);
            }
        }
        skipped = expectedSkips;
        return expected;
    }

    /** The records that the last run set aside. */
    public List<Skipped> skipped() {
        return skipped;
    }

    private static void compare(List<Row> expected, List<Row> actual, String how, boolean restored) {
        if (!sameValues(expected, actual)) {
            throw new AssertionError("with " + how + (restored ? " and a restore after each" : "")
                    + " the operator gave\n  " + actual + "\ninstead of\n  " + expected);
        }
    }

    private static void compareAsSets(List<Row> expected, List<Row> actual, List<Integer> tasks) {
        List<Row> left = new ArrayList<>(actual);
        for (Row row : expected) {
            int found = 0;
            while (found < left.size() && !sameValues(List.of(row), List.of(left.get(found)))) {
                found++;
            }
            if (found == left.size()) {
                throw new AssertionError("as " + tasks + " tasks in turn the operator did not give " + row
                        + " as often as one task, but\n  " + left);
            }
            left.remove(found);
        }
        if (!left.isEmpty()) {
            throw new AssertionError("as " + tasks + " tasks in turn the operator also gave\n  " + left);
        }
    }

    /** Equal rows, where a column that one run never saw counts as null. */
    private static boolean sameValues(List<Row> expected, List<Row> actual) {
        if (expected.size() != actual.size()) {
            return false;
        }
        for (int i = 0; i < expected.size(); i++) {
            Row left = expected.get(i);
            Row right = actual.get(i);
            Set<String> names = new LinkedHashSet<>(left.names());
            names.addAll(right.names());
            for (String name : names) {
                if (!Row.of("v", left.get(name)).equals(Row.of("v", right.get(name)))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static List<Integer> ones(int rows) {
        return Collections.nCopies(rows, 1);
    }

    private static List<Integer> cuts(int rows, Random random) {
        List<Integer> sizes = new ArrayList<>();
        for (int left = rows; left > 0; left -= sizes.get(sizes.size() - 1)) {
            sizes.add(1 + random.nextInt(left));
        }
        return sizes;
    }

    private List<Row> once(List<Row> rows, List<Integer> batchSizes, boolean restore) throws Exception {
        List<Row> results = new ArrayList<>();
        List<Skipped> aside = new ArrayList<>();
        try (BufferAllocator memory = new RootAllocator()) {
            HarnessContext context = new HarnessContext(memory, 0, 1, aside, new HashMap<>());
            HarnessOutbox out = new HarnessOutbox(results);
            Schema input = schema != null ? schema : found(rows);
            BatchOperator operator = opened(context, null);
            int from = 0;
            try {
                for (int size : batchSizes) {
                    operator.process(batch(rows.subList(from, from + size), input, memory), out);
                    out.drain();
                    from += size;
                    if (restore) {
                        KeptState kept = KeptState.of(operator, context);
                        StateFormat.State state = kept.read(memory);
                        operator.close();
                        context.values().clear();
                        context.values().putAll(state.values().toMap());
                        operator = opened(context, state.checkpoint());
                        kept.load(operator, null, memory);
                    }
                }
                operator.finish(out);
                out.drain();
            } finally {
                out.drop();
                operator.close();
            }
        }
        skipped = List.copyOf(aside);
        return results;
    }

    private List<Row> rescaled(List<Row> rows, List<Integer> parallelisms) throws Exception {
        List<Skipped> aside = new ArrayList<>();
        Schema input = schema != null ? schema : found(rows);
        int parts = Math.max(1, Math.min(rows.size(), 2 * parallelisms.size()));
        try (BufferAllocator memory = new RootAllocator()) {
            RescaledRun run =
                    new RescaledRun(operators, new KeyedInput(keys, input, JobGraph.DEFAULT_KEY_GROUPS), memory, aside);
            for (int i = 0; i < parts; i++) {
                List<Row> part = rows.subList(rows.size() * i / parts, rows.size() * (i + 1) / parts);
                run.run(batch(part, input, memory), parallelisms.get(i % parallelisms.size()), i == parts - 1);
            }
            return run.results();
        }
    }

    private BatchOperator opened(HarnessContext context, @Nullable Row state) throws Exception {
        BatchOperator operator = operators.get();
        operator.open(context);
        if (state != null) {
            operator.restore(state);
        }
        return operator;
    }

    private static Schema found(List<Row> rows) {
        RowSchema found = new RowSchema();
        rows.forEach(found::include);
        return found.schema();
    }

    private static Batch batch(List<Row> rows, Schema schema, BufferAllocator memory) {
        return new RowWriter(schema).write(rows, memory);
    }
}
