package io.solstice.worker.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.row.Row;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.exchange.batch.Barrier;
import io.solstice.testing.MemorySink;
import io.solstice.testing.MemorySource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/** Random jobs, cut at random moments, crashed and begun again from the last complete cut: every row comes out once. */
class CutsTest {
    private static final int SEEDS = 400;

    private int completed;
    private int crashed;
    private int given;

    @Test
    void everyRowComesOutOnceWhateverHappensWhen() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            try (RootAllocator memory = new RootAllocator()) {
                job(new Random(seed), memory, "seed " + seed);
                assertThat(memory.getAllocatedMemory()).as("seed %d", seed).isZero();
            }
        }
        assertThat(List.of(completed, crashed, given)).allMatch(count -> count > SEEDS / 4);
    }

    private void job(Random random, RootAllocator memory, String seed) throws Exception {
        int rows = random.nextInt(300);
        List<Row> input =
                LongStream.range(0, rows).mapToObj(n -> Row.of("number", n)).toList();
        MemorySource.Builder source =
                MemorySource.of(input).splits(1 + random.nextInt(5)).seed(random.nextLong());
        MemorySink out = new MemorySink();
        List<Integer> layers =
                IntStream.range(0, 4).mapToObj(layer -> 1 + random.nextInt(3)).toList();
        List<Boolean> hashed = IntStream.range(0, 4)
                .mapToObj(layer -> rows > 0 && random.nextBoolean())
                .toList();
        SteppedRun.Shape shape = new SteppedRun.Shape(layers, hashed, source, out);
        List<SplitStart> splits = new ArrayList<>();
        for (Split split : source.get().splits()) {
            splits.add(SplitStart.fresh(split));
        }
        Progressing job = new Progressing(shape, new SteppedRun.Begin(0, Map.of(), List.of(), splits), out, random);
        for (int generation = 1; !job.over; generation++) {
            try (SteppedRun run = new SteppedRun(shape, job.begin, "run" + generation, memory, random)) {
                job.drive(run, generation, seed);
            }
            job.forget();
        }
        List<Long> numbers =
                out.rows().stream().map(row -> row.getLong("number")).toList();
        assertThat(numbers.stream().filter(n -> n >= 0).sorted().toList())
                .as(seed)
                .isEqualTo(LongStream.range(0, rows).boxed().toList());
        long counted = numbers.stream().filter(n -> n < 0).mapToLong(n -> -n).sum();
        assertThat(counted).as("%s: what two layers of operators counted", seed).isEqualTo(2L * rows);
        assertThat(out.openWriters()).as(seed).isZero();
    }

    /** Plays the master: orders cuts, completes them or gives them up, commits, and begins anew after a crash. */
    private final class Progressing {
        private final SteppedRun.Shape shape;
        private final MemorySink out;
        private final Random random;
        private SteppedRun.Begin begin;
        private final List<Committable> uncommitted = new ArrayList<>();
        private final Map<TaskId, Long> collected = new HashMap<>();
        private long epoch;
        private boolean over;

        Progressing(SteppedRun.Shape shape, SteppedRun.Begin begin, MemorySink out, Random random) {
            this.shape = shape;
            this.begin = begin;
            this.out = out;
            this.random = random;
        }

        void drive(SteppedRun run, int generation, String seed) throws Exception {
            boolean open = false;
            boolean last = false;
            collected.clear();
            int patience = generation > 6 ? Integer.MAX_VALUE : 50 + random.nextInt(600);
            for (int step = 0; step < patience; step++) {
                SteppedRun.Member member = run.members.get(random.nextInt(run.members.size()));
                if (member.wants && random.nextInt(3) == 0) {
                    run.assign(member, 1 + random.nextInt(2));
                }
                run.step(member);
                if (!open && random.nextInt(40) == 0) {
                    last = generation <= 6 && random.nextInt(8) == 0;
                    open = order(run, last);
                } else if (open && isComplete(run)) {
                    complete(run);
                    open = false;
                    if (last) {
                        return;
                    }
                } else if (open && !last && random.nextInt(300) == 0) {
                    given++;
                    open = order(run, false);
                }
                if (run.isOver()) {
                    for (SteppedRun.Member ended : run.members) {
                        collect(ended, Long.MAX_VALUE);
                        uncommitted.addAll(ended.sealed());
                    }
                    commit();
                    over = true;
                    return;
                }
            }
            crashed++;
        }

        private boolean order(SteppedRun run, boolean last) {
            epoch++;
            for (SteppedRun.Member member : run.members) {
                // The order may be late, or be lost on a task that ends before it is given up.
                if (member.source) {
                    member.task().checkpoint(new Barrier(epoch), last);
                }
            }
            return true;
        }

        private boolean isComplete(SteppedRun run) {
            return run.members.stream().allMatch(member -> member.cuts.containsKey(epoch) || member.outcome != null);
        }

        private void complete(SteppedRun run) throws Exception {
            completed++;
            Map<TaskId, byte[]> states = new HashMap<>();
            List<TaskId> ended = new ArrayList<>();
            List<SplitStart> left = new ArrayList<>();
            for (SteppedRun.Member member : run.members) {
                Cut cut = member.cuts.get(epoch);
                collect(member, epoch);
                if (cut == null) {
                    ended.add(member.id);
                    uncommitted.addAll(member.sealed());
                    member.outcome = new TaskOutcome.Finished(List.of());
                    continue;
                }
                byte[] state = member.states.get(epoch);
                if (state != null) {
                    states.put(member.id, state);
                }
                for (SourcePosition position : cut.positions()) {
                    for (int i = position.finished(); i < member.assigned.size(); i++) {
                        SplitStart split = member.assigned.get(i);
                        long rows = i == position.finished() ? Math.max(split.rows(), position.rows()) : split.rows();
                        left.add(new SplitStart(split.split(), rows, position.watermark()));
                    }
                }
            }
            left.addAll(run.waiting);
            begin = new SteppedRun.Begin(epoch, states, ended, left);
            commit();
        }

        /** What a task sealed at cuts up to that one and nobody has committed, also of checkpoints that were given up. */
        private void collect(SteppedRun.Member member, long upTo) {
            long from = collected.getOrDefault(member.id, 0L);
            member.cuts.forEach((at, cut) -> {
                if (at > from && at <= upTo) {
                    uncommitted.addAll(cut.committables());
                }
            });
            collected.put(member.id, upTo);
        }

        private void commit() throws Exception {
            SinkCommit which =
                    new SinkCommit("job", "sink", "job", "run", "checkpoint " + epoch, epoch, false, over, false);
            try (Sink committing = out.get()) {
                committing.commit(List.copyOf(uncommitted), which);
                committing.commit(List.copyOf(uncommitted), which);
            }
            uncommitted.clear();
        }

        /** What was sealed after the last complete cut is lost with the run. */
        void forget() {
            uncommitted.clear();
        }
    }
}
