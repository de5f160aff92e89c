package io.solstice.worker.task;

import io.solstice.api.operator.CustomOperator;
import io.solstice.api.operator.OperatorContext;
import io.solstice.api.operator.RowOperator;
import io.solstice.api.row.Row;
import io.solstice.api.source.Source;
import io.solstice.common.id.JobId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.channel.Inbox;
import io.solstice.exchange.channel.LocalChannel;
import io.solstice.exchange.partition.Partitioner;
import io.solstice.spi.StateFormat;
import io.solstice.testing.MemorySink;
import io.solstice.worker.operator.Operators;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job of layers of tasks, stepped on one thread: sources, two layers of operators with state, and sinks,
 * each task of a layer with a road to each of the next. It ends, or is given up, and leaves what a master would have.
 */
final class SteppedRun implements AutoCloseable {
    /** The shape of the job; the same for all of its runs. */
    record Shape(List<Integer> layers, List<Boolean> hashed, Supplier<? extends Source> source, MemorySink sink) {
        TaskId task(int layer, int index) {
            return new TaskId(new JobId("job"), stage(layer), index);
        }

        StageId stage(int layer) {
            return new StageId("layer" + layer);
        }
    }

    /** What a run begins with. */
    record Begin(long epoch, Map<TaskId, byte[]> states, List<TaskId> ended, List<SplitStart> splits) {}

    /** A task and what is known of it outside. */
    static final class Member implements SourceInput.SplitRequests {
        final TaskId id;
        final boolean source;
        final Map<Long, Cut> cuts = new HashMap<>();
        /** Of its operators at its cuts, as they are stored. */
        final Map<Long, byte[]> states = new HashMap<>();

        final List<SplitStart> assigned = new ArrayList<>();
        boolean wants;

        @Nullable
        TaskOutcome outcome;

        @Nullable
        Task task;

        @Nullable
        SourceInput input;

        Member(TaskId id, boolean source) {
            this.id = id;
            this.source = source;
        }

        Task task() {
            return Objects.requireNonNull(task);
        }

        /** What it sealed at its end. */
        List<Committable> sealed() {
            return outcome instanceof TaskOutcome.Finished finished ? finished.committables() : List.of();
        }

        @Override
        public void wanted(boolean ahead) {
            wants = true;
        }

        @Override
        public void finished(Split split) {}
    }

    final List<Member> members = new ArrayList<>();
    final List<SplitStart> waiting;
    private final Shape shape;
    private final Begin begin;
    private final String name;
    private final BufferAllocator memory;

    SteppedRun(Shape shape, Begin begin, String name, BufferAllocator memory, Random random) throws Exception {
        this.shape = shape;
        this.begin = begin;
        this.name = name;
        this.memory = memory;
        this.waiting = new ArrayList<>(begin.splits());
        List<List<Channel>> into = new ArrayList<>();
        for (int layer = 0; layer < shape.layers().size(); layer++) {
            List<List<Channel>> next = new ArrayList<>();
            int receivers = layer + 1 < shape.layers().size() ? shape.layers().get(layer + 1) : 0;
            for (int r = 0; r < receivers; r++) {
                next.add(new ArrayList<>());
            }
            for (int index = 0; index < shape.layers().get(layer); index++) {
                List<Channel> out = new ArrayList<>();
                for (int r = 0; r < receivers; r++) {
                    Channel channel = new LocalChannel(1 + random.nextInt(2000), () -> {}, () -> {});
                    out.add(channel);
                    next.get(r).add(channel);
                }
                members.add(member(layer, index, layer == 0 ? List.of() : into.get(index), out));
            }
            into = next;
        }
        for (Member member : members) {
            member.task().open();
        }
    }

    private static byte[] stored(OperatorState state) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (state) {
            StateFormat.write(Objects.requireNonNull(state.copy()), content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return content.toByteArray();
    }

    private Member member(int layer, int index, List<Channel> in, List<Channel> out) throws IOException {
        TaskId id = shape.task(layer, index);
        Member member = new Member(id, layer == 0);
        boolean ended = begin.ended().contains(id);
        int tasks = shape.layers().get(layer);
        OperatorMemory own = new OperatorMemory(id.stage(), index, tasks);
        byte[] state = begin.states().get(id);
        if (state != null) {
            own.begin(StateFormat.read("state", new ByteArrayInputStream(state), state.length, memory)
                    .state());
        }
        SteppedTask context = new SteppedTask(name, id.stage().value(), index, tasks, memory, own);
        Roads roads = new Roads(
                out.isEmpty() ? List.of() : List.of(new Roads.Edge(partitioner(layer, out), out, null, null, false)));
        Task.Parts parts = new Task.Parts() {
            @Override
            public List<ChainLink> operators() {
                boolean operates = !ended && layer > 0 && !out.isEmpty();
                return operates
                        ? List.of(new ChainLink(
                                Operators.create(new CustomOperator(Counting::new)),
                                context,
                                own,
                                List.of(new StageCounters())))
                        : List.of();
            }

            @Override
            public TaskInput input() throws Exception {
                if (ended) {
                    return new Nothing();
                }
                if (layer > 0) {
                    return TaskInput.of(new Inbox(in));
                }
                SourceInput reading = new SourceInput(
                        shape.source().get(), context, member, new StageCounters(), false, Clock.SYSTEM);
                member.input = reading;
                return reading;
            }

            @Override
            public TaskOutput output() throws Exception {
                return ended || !out.isEmpty()
                        ? roads
                        : new SinkOutput(
                                id.stage(), shape.sink().get(), context::sink, begin.epoch() + 1, new StageCounters());
            }

            @Override
            public void close() {
                in.forEach(Channel::abandon);
            }
        };
        member.task = new Task(id, parts, new Waker(), new Task.Listener() {
            @Override
            public void cut(Cut cut) {
                member.cuts.put(cut.epoch(), cut);
                cut.states().forEach(state -> member.states.put(cut.epoch(), stored(state)));
            }

            @Override
            public void ended(TaskOutcome outcome) {
                throw new AssertionError("it is stepped");
            }
        });
        return member;
    }

    /** The input of a task that had ended. */
    private static final class Nothing implements TaskInput {
        @Override
        public StreamElement poll() {
            return EndOfInput.INSTANCE;
        }

        @Override
        public void close() {}
    }

    private Partitioner partitioner(int layer, List<Channel> out) {
        return shape.hashed().get(layer)
                ? Partitioner.hash(List.of("number"), 16, out.size(), memory)
                : Partitioner.rebalance(out, 0);
    }

    /** Hands rows on, counts them in both kinds of state, and tells the count at the end. */
    static final class Counting implements RowOperator {
        private @Nullable OperatorContext context;
        private long own;

        @Override
        public void open(OperatorContext opened) {
            context = opened;
        }

        @Override
        public List<Row> process(Row record) {
            if (record.getLong("number") < 0) {
                return List.of(record);
            }
            own++;
            context().setState("count", count() + 1);
            return List.of(record);
        }

        private OperatorContext context() {
            return Objects.requireNonNull(context);
        }

        private long count() {
            Object kept = context().getState("count");
            return kept == null ? 0 : (Long) kept;
        }

        @Override
        public List<Row> finish() {
            if (own != count()) {
                throw new AssertionError("the operator counted " + own + ", the engine kept " + count());
            }
            return own == 0 ? List.of() : List.of(Row.of("number", -own));
        }

        @Override
        public Row checkpoint() {
            return own == 0 ? Row.EMPTY : Row.of("own", own);
        }

        @Override
        public void restore(Row state) {
            own = state.names().isEmpty() ? 0 : state.getLong("own");
        }
    }

    /** One step of one task; false if it could do nothing. */
    boolean step(Member member) throws Exception {
        if (member.outcome != null) {
            return false;
        }
        Progress progress = member.task().step();
        if (progress == Progress.DONE) {
            member.outcome = member.task().close(member.task().finished());
        }
        return progress != Progress.BLOCKED;
    }

    void assign(Member member, int count) {
        List<SplitStart> chosen = new ArrayList<>();
        while (chosen.size() < count && !waiting.isEmpty()) {
            chosen.add(waiting.remove(0));
        }
        member.wants = false;
        member.assigned.addAll(chosen);
        Objects.requireNonNull(member.input).assign(chosen, waiting.isEmpty());
    }

    boolean isOver() {
        return members.stream().allMatch(member -> member.outcome != null);
    }

    @Override
    public void close() {
        for (Member member : members) {
            if (member.outcome == null) {
                member.outcome = member.task().close(new TaskOutcome.Cancelled());
            }
        }
    }
}
