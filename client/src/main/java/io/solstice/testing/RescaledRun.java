package io.solstice.testing;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.Rescalable;
import io.solstice.api.operator.TaskState;
import io.solstice.api.row.Row;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.partition.Partitioner;
import io.solstice.spi.KeyShare;
import io.solstice.spi.KeyedInput;
import io.solstice.spi.StateFormat;
import io.solstice.spi.WrappedOperator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;

/** One operator as the tasks of a keyed stage, of which there are now more and now fewer. */
final class RescaledRun {
    private final Supplier<BatchOperator> operators;
    private final KeyedInput input;
    private final BufferAllocator memory;
    private final List<OperatorHarness.Skipped> aside;
    private final List<Row> results = new ArrayList<>();
    /** What the tasks of the last part had in the end. */
    private List<KeptState> states = List.of();

    private record Running(BatchOperator operator, HarnessContext context, HarnessOutbox out) {}

    RescaledRun(
            Supplier<BatchOperator> operators,
            KeyedInput input,
            BufferAllocator memory,
            List<OperatorHarness.Skipped> aside) {
        this.operators = operators;
        this.input = input;
        this.memory = memory;
        this.aside = aside;
    }

    /**
     * Begins with what the tasks of the part before had.
     *
     * @param part of the input; taken over
     */
    void run(Batch part, int parallelism, boolean last) throws Exception {
        List<Running> tasks = new ArrayList<>();
        List<List<Batch>> divided = divided(part, parallelism);
        try {
            for (int index = 0; index < parallelism; index++) {
                tasks.add(opened(index, parallelism));
            }
            for (int index = 0; index < parallelism; index++) {
                feed(tasks.get(index), divided.get(index));
            }
            states = kept(tasks);
            for (int index = 0; last && index < parallelism; index++) {
                finish(tasks.get(index));
            }
        } finally {
            divided.forEach(batches -> batches.forEach(Batch::close));
            for (Running task : tasks) {
                task.out().drop();
                task.operator().close();
            }
        }
    }

    /** All that the tasks have given. */
    List<Row> results() {
        return results;
    }

    private Running opened(int index, int parallelism) throws Exception {
        BatchOperator operator = operators.get();
        HarnessContext context = new HarnessContext(memory, index, parallelism, aside, new HashMap<>());
        operator.open(context);
        if (!states.isEmpty()) {
            Rescalable rescalable = WrappedOperator.rescalable(operator);
            if (rescalable == null) {
                operator.close();
                throw new AssertionError("the operator has state and is not " + Rescalable.class.getName());
            }
            try (KeyShare share = new KeyShare(context.stageId(), index, parallelism, input, memory)) {
                for (KeptState kept : states) {
                    StateFormat.State state = kept.read(memory);
                    share.divide(
                            new TaskState(kept.taskIndex(), kept.parallelism(), state.checkpoint(), state.values()),
                            rescalable);
                }
                for (KeptState kept : states) {
                    kept.load(operator, share, memory);
                }
            }
        }
        return new Running(operator, context, new HarnessOutbox(results));
    }

    /** As the exchange does it. */
    private List<List<Batch>> divided(Batch part, int parallelism) {
        List<List<Batch>> divided = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            divided.add(new ArrayList<>());
        }
        Partitioner.hash(input.columns(), input.keyGroups(), parallelism, memory)
                .divide(part, (task, batch) -> divided.get(task).add(batch));
        return divided;
    }

    /** @param batches taken over, one after the other */
    private static void feed(Running task, List<Batch> batches) throws Exception {
        while (!batches.isEmpty()) {
            task.operator().process(batches.remove(0), task.out());
            task.out().drain();
        }
    }

    private static List<KeptState> kept(List<Running> tasks) throws Exception {
        List<KeptState> states = new ArrayList<>();
        for (Running task : tasks) {
            KeptState state = KeptState.of(task.operator(), task.context());
            if (!state.isEmpty()) {
                states.add(state);
            }
        }
        return states;
    }

    private static void finish(Running task) throws Exception {
        task.operator().finish(task.out());
        task.out().drain();
    }
}
