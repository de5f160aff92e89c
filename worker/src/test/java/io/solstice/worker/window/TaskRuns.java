package io.solstice.worker.window;

import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.api.operator.TaskState;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import io.solstice.exchange.partition.Partitioner;
import io.solstice.spi.Incremental;
import io.solstice.spi.KeyShare;
import io.solstice.spi.KeyedInput;
import io.solstice.spi.StateFormat;
import io.solstice.worker.pile.Piles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** The tasks of one aggregation stage, on one thread, which are restored in any number. */
final class TaskRuns implements AutoCloseable {
    private static final int KEY_GROUPS = 16;

    private final AggregateOperator definition;
    private final KeyedInput keyed;
    private final Schema schema;
    private final BufferAllocator memory;
    private final List<Row> results = new ArrayList<>();
    private final List<Row> aside = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private final @Nullable Senders senders;
    private final Piles.Sizes sizes;
    private final Random cuts = new Random(11);
    private List<WindowedAggregation> tasks = new ArrayList<>();
    /** The pieces that each task has stored, by cut. */
    private final Map<Long, List<List<byte[]>>> stored = new HashMap<>();

    private long epoch;
    /** The newest cut that counts, or 0. */
    private long canonical;

    private long written;
    private long named;

    /** The state of one task, as files. */
    private record Saved(byte[] row, List<byte[]> tables) {}

    TaskRuns(AggregateOperator definition, Schema schema, BufferAllocator memory) {
        this(definition, schema, memory, null);
    }

    /** @param seed of the tasks before, which aggregate as well; null if rows come as they are */
    TaskRuns(AggregateOperator definition, Schema schema, BufferAllocator memory, @Nullable Long seed) {
        this(definition, schema, memory, seed, Piles.Sizes.USUAL);
    }

    TaskRuns(
            AggregateOperator definition,
            Schema schema,
            BufferAllocator memory,
            @Nullable Long seed,
            Piles.Sizes sizes) {
        this.sizes = sizes;
        this.senders = seed == null ? null : new Senders(definition, memory, seed, this::divide);
        this.definition = definition;
        this.schema = schema;
        this.keyed = new KeyedInput(definition.keys(), schema, KEY_GROUPS);
        this.memory = memory;
        tasks.add(opened(0, 1));
    }

    private WindowedAggregation opened(int index, int parallelism) {
        WindowedAggregation operator = new WindowedAggregation(definition, sizes);
        operator.open(new TestContext(index, parallelism, memory, aside, reasons));
        return operator;
    }

    private final Outbox out = new Outbox() {
        @Override
        public void emit(Batch batch) {
            try (batch) {
                results.addAll(new RowReader(batch).rows());
            }
        }

        @Override
        public void emitAll(Iterator<Batch> batches) {
            pending.add(batches);
        }
    };

    private final List<Iterator<Batch>> pending = new ArrayList<>();

    private void drain() {
        for (Iterator<Batch> batches : pending) {
            batches.forEachRemaining(out::emit);
        }
        pending.clear();
    }

    /** What came since the last call. */
    List<String> given() {
        List<String> texts = Oracle.texts(results);
        results.clear();
        return texts;
    }

    List<String> aside() {
        List<String> texts = aside.stream().map(Row::toString).sorted().toList();
        aside.clear();
        return texts;
    }

    /** Why rows were set aside, ever. */
    List<String> reasons() {
        return reasons;
    }

    void step(Case.Step step) throws Exception {
        if (step instanceof Case.Cut) {
            cut();
            count(epoch);
            return;
        }
        maybeCut();
        if (step instanceof Case.Rows rows) {
            Batch batch = new RowWriter(schema).write(rows.rows(), memory);
            if (senders != null) {
                senders.rows(batch);
            } else {
                divide(batch);
            }
        } else if (step instanceof Case.Mark mark) {
            if (senders != null) {
                senders.mark(mark.micros());
            }
            for (WindowedAggregation task : tasks) {
                task.onWatermark(new Watermark(mark.micros()), out);
                drain();
            }
        } else if (step instanceof Case.Restore restore) {
            flush();
            restore(restore.tasks());
        } else {
            flush();
            for (WindowedAggregation task : tasks) {
                task.finish(out);
                drain();
            }
        }
    }

    /** A cut, which some fail, so that the base of the next is older. */
    private void maybeCut() throws IOException {
        if (cuts.nextInt(3) == 0) {
            cut();
            if (cuts.nextBoolean()) {
                count(epoch);
            }
        }
    }

    /** Stores the pieces of all tasks. */
    void cut() throws IOException {
        epoch++;
        List<List<byte[]>> all = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            List<byte[]> pieces = new ArrayList<>();
            for (Incremental.Piece piece : tasks.get(i).pieces(epoch, canonical)) {
                if (piece instanceof Incremental.Fresh fresh) {
                    byte[] content = written(StateFormat.copyTable(fresh.table(), origin(i)));
                    written += content.length;
                    pieces.add(content);
                } else if (piece instanceof Incremental.Stored known) {
                    named++;
                    pieces.add(
                            Objects.requireNonNull(stored.get(canonical)).get(i).get(known.index()));
                }
            }
            all.add(pieces);
        }
        stored.put(epoch, all);
    }

    /** The cut counts: older ones are gone. */
    void count(long cut) {
        canonical = cut;
        stored.keySet().removeIf(other -> other < cut);
    }

    /** The newest cut. */
    long epoch() {
        return epoch;
    }

    /** How many bytes cuts have written. */
    long written() {
        return written;
    }

    /** How many pieces cuts have named. */
    long named() {
        return named;
    }

    private StateFormat.Origin origin(int index) {
        return new StateFormat.Origin("stage", index, tasks.size(), "test");
    }

    private void flush() {
        if (senders != null) {
            senders.flush();
        }
    }

    private void divide(Batch batch) {
        if (definition.keys().isEmpty()) {
            process(0, batch);
        } else {
            Partitioner.hash(definition.keys(), KEY_GROUPS, tasks.size(), memory)
                    .divide(batch, this::process);
        }
    }

    private void process(int task, Batch part) {
        tasks.get(task).process(part, out);
        drain();
    }

    private void restore(int parallelism) throws Exception {
        cut();
        boolean same = parallelism == tasks.size();
        List<Saved> saved = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            saved.add(saved(i));
        }
        List<WindowedAggregation> fresh = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            WindowedAggregation operator = opened(i, parallelism);
            if (parallelism == saved.size()) {
                operator.restore(read(saved.get(i).row()).state().checkpoint());
                for (byte[] table : saved.get(i).tables()) {
                    try (Batch content = Objects.requireNonNull(read(table).table())) {
                        operator.load(content);
                    }
                }
                if (!saved.get(i).tables().isEmpty()) {
                    operator.restored(epoch);
                }
            } else {
                divide(saved, operator, i, parallelism);
            }
            fresh.add(operator);
        }
        for (WindowedAggregation task : tasks) {
            task.close();
        }
        tasks = fresh;
        count(same ? epoch : 0);
        if (senders != null) {
            List<Row> before = new ArrayList<>();
            for (Saved state : saved) {
                before.add(read(state.row()).state().checkpoint());
            }
            senders.begin(before);
        }
    }

    private void divide(List<Saved> saved, WindowedAggregation operator, int index, int parallelism) throws Exception {
        try (KeyShare share = new KeyShare("stage", index, parallelism, keyed, memory)) {
            for (int i = 0; i < saved.size(); i++) {
                Row state = read(saved.get(i).row()).state().checkpoint();
                share.divide(new TaskState(i, saved.size(), state, Row.EMPTY), operator);
            }
            for (int i = 0; i < saved.size(); i++) {
                for (byte[] table : saved.get(i).tables()) {
                    try (Batch content = Objects.requireNonNull(read(table).table());
                            Batch own = share.own(i, saved.size(), content, memory)) {
                        operator.load(own);
                    }
                }
            }
        }
    }

    private Saved saved(int index) throws IOException {
        StateFormat.State state = new StateFormat.State(tasks.get(index).checkpoint(), Row.EMPTY);
        List<byte[]> tables = Objects.requireNonNull(stored.get(epoch)).get(index);
        return new Saved(written(StateFormat.copy(state, origin(index), memory)), tables);
    }

    private static byte[] written(Batch copy) throws IOException {
        try (copy) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            StateFormat.write(copy, content);
            return content.toByteArray();
        }
    }

    private StateFormat.Found read(byte[] content) throws IOException {
        return StateFormat.read("state", new ByteArrayInputStream(content), content.length, memory);
    }

    @Override
    public void close() throws Exception {
        for (WindowedAggregation task : tasks) {
            task.close();
        }
    }
}
