package io.solstice.worker.join;

import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.api.operator.TaskState;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import io.solstice.exchange.partition.Partitioner;
import io.solstice.spi.Incremental;
import io.solstice.spi.KeyShare;
import io.solstice.spi.KeyedInput;
import io.solstice.spi.StateFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;

/** The tasks of one stage that joins, on one thread, which are restored in any number. */
final class JoinRuns implements AutoCloseable {
    private static final int KEY_GROUPS = 16;

    private final Case join;
    private final RunSizes sizes;
    private final BufferAllocator memory;
    private final boolean[] ended = new boolean[2];
    private final List<Row> results = new ArrayList<>();
    private final List<Row> aside = new ArrayList<>();
    private final List<Iterator<Batch>> pending = new ArrayList<>();
    private List<Join> tasks = new ArrayList<>();
    private long clockMillis;
    private int turn;
    private int steps;
    private long epoch;
    /** The newest cut that counts, and what it has of each task; 0 if the next one cannot name anything. */
    private long base;

    private List<List<byte[]>> stored = new ArrayList<>();
    private long tablesWritten;
    private long tablesNamed;

    /** The state of one task, as files. */
    private record Saved(byte[] row, List<byte[]> tables) {}

    private final Clock clock = new Clock() {
        @Override
        public long wallMillis() {
            return clockMillis;
        }

        @Override
        public long monotonicNanos() {
            return clockMillis * 1_000_000;
        }
    };

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

    JoinRuns(Case join, RunSizes sizes, BufferAllocator memory) {
        this.join = join;
        this.sizes = sizes;
        this.memory = memory;
        tasks.add(opened(0, 1));
    }

    private Join opened(int index, int parallelism) {
        Join operator = new Join(join.definition(), clock, sizes);
        operator.bind(join.left(), join.right());
        operator.open(new TaskOfTest(index, parallelism, memory, aside, new ArrayList<>()));
        return operator;
    }

    private void drain() {
        for (Iterator<Batch> batches : pending) {
            batches.forEachRemaining(out::emit);
        }
        pending.clear();
    }

    /** What came since the last call. */
    List<String> given() {
        List<String> texts =
                results.stream().map(row -> Oracle.text(row.toMap())).sorted().toList();
        results.clear();
        return texts;
    }

    List<String> aside() {
        List<String> texts = aside.stream().map(Row::toString).sorted().toList();
        aside.clear();
        return texts;
    }

    /** Gives the rows of the step as they came back out of a batch. */
    List<Row> step(Case.Step step) throws Exception {
        List<Row> read = List.of();
        steps++;
        if (steps % 3 == 0) {
            cut(steps % 2 == 0);
        }
        if (step instanceof Case.Rows rows) {
            Batch batch = new RowWriter(join.schema(rows.input())).write(rows.rows(), memory);
            read = List.copyOf(new RowReader(batch).rows());
            divider(rows.input()).divide(batch, (task, part) -> {
                tasks.get(task).process(rows.input(), part, out);
                drain();
            });
        } else if (step instanceof Case.Restore restore) {
            restore(restore.tasks());
        } else {
            if (step instanceof Case.Tick tick) {
                clockMillis += tick.millis();
            } else if (step instanceof Case.EndOfInput end) {
                ended[end.input()] = true;
            }
            for (Join task : tasks) {
                step(step, task);
                drain();
            }
        }
        if (join.definition().readsRightFirst()) {
            waited();
        }
        return read;
    }

    /** As long as rows may wait for others. */
    private void waited() {
        clockMillis += 20;
        for (Join task : tasks) {
            if (task.dueMillis() <= 0) {
                task.onClock(out);
                drain();
            }
        }
    }

    private Partitioner divider(int input) {
        if (join.definition().scope() instanceof JoinOperator.Lookup) {
            return input == 1
                    ? Partitioner.broadcast(tasks.size())
                    : Partitioner.forward(Math.floorMod(turn++, tasks.size()));
        }
        List<String> keys =
                input == 0 ? join.definition().leftKeys() : join.definition().rightKeys();
        return Partitioner.hash(keys, KEY_GROUPS, tasks.size(), memory);
    }

    private void step(Case.Step step, Join task) {
        if (step instanceof Case.Mark mark) {
            task.onWatermark(new Watermark(mark.micros()), out);
        } else if (step instanceof Case.Tick) {
            if (task.dueMillis() <= 0) {
                task.onClock(out);
            }
        } else if (step instanceof Case.EndOfInput end) {
            task.ended(end.input(), out);
        } else {
            task.finish(out);
        }
    }

    private void restore(int parallelism) throws Exception {
        cut(true);
        List<Saved> saved = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            saved.add(saved(i));
        }
        base = parallelism == tasks.size() ? base : 0;
        tasks.forEach(Join::close);
        tasks = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            Join operator = opened(i, parallelism);
            tasks.add(operator);
            if (parallelism == saved.size()) {
                operator.restore(read(saved.get(i).row()).state().checkpoint());
                for (byte[] table : saved.get(i).tables()) {
                    try (Batch content = Objects.requireNonNull(read(table).table())) {
                        operator.load(content);
                    }
                }
                operator.restored(epoch);
            } else {
                divide(saved, operator, i, parallelism);
            }
            for (int input = 0; input < 2; input++) {
                if (ended[input]) {
                    operator.ended(input, out);
                    drain();
                }
            }
        }
    }

    private void divide(List<Saved> saved, Join operator, int index, int parallelism) throws Exception {
        KeyedInput keyed = join.definition().scope() instanceof JoinOperator.Lookup
                ? null
                : new KeyedInput(join.definition().leftKeys(), join.left(), KEY_GROUPS);
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

    private StateFormat.Origin origin(int task) {
        return new StateFormat.Origin("stage", task, tasks.size(), "test");
    }

    private Saved saved(int index) throws IOException {
        StateFormat.State state = new StateFormat.State(tasks.get(index).checkpoint(), Row.EMPTY);
        return new Saved(written(StateFormat.copy(state, origin(index), memory)), stored.get(index));
    }

    /** @param counts whether it may be named and restored */
    private void cut(boolean counts) throws IOException {
        epoch++;
        List<List<byte[]>> all = new ArrayList<>();
        for (int task = 0; task < tasks.size(); task++) {
            List<byte[]> tables = new ArrayList<>();
            for (Incremental.Piece piece : tasks.get(task).pieces(epoch, base)) {
                if (piece instanceof Incremental.Fresh fresh) {
                    tables.add(written(StateFormat.copyTable(fresh.table(), origin(task))));
                    tablesWritten++;
                } else if (piece instanceof Incremental.Stored named) {
                    tables.add(stored.get(task).get(named.index()));
                    tablesNamed++;
                }
            }
            all.add(tables);
        }
        if (counts) {
            base = epoch;
            stored = all;
        }
    }

    /** How many tables checkpoints have written, and how many they have named. */
    List<Long> tables() {
        return List.of(tablesWritten, tablesNamed);
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
    public void close() {
        for (Iterator<Batch> batches : pending) {
            if (batches instanceof AutoCloseable open) {
                try {
                    open.close();
                } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                }
            }
        }
        tasks.forEach(Join::close);
    }
}
