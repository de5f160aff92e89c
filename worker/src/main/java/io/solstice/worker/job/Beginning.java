package io.solstice.worker.job;

import io.solstice.api.operator.Rescalable;
import io.solstice.api.operator.TaskState;
import io.solstice.api.row.Row;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.RestorePoint;
import io.solstice.common.protocol.StateObject;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.Incremental;
import io.solstice.spi.KeyShare;
import io.solstice.spi.StateFormat;
import io.solstice.spi.Tabular;
import io.solstice.spi.WrappedOperator;
import io.solstice.worker.task.OperatorMemory;
import io.solstice.worker.task.RowGuess;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What the tasks of a run begin with: nothing, or a checkpoint.
 *
 * @param keys of the stages as they are now
 * @param bounded whether all sources come to an end by themselves
 */
record Beginning(RestorePoint point, StateStorage storage, StageKeys keys, boolean bounded) {

    /** Refuses states for tasks that there were not or of stages that there are not, before anything is touched. */
    void requireFits(ChainPlan plan) {
        for (StateObject state : point.states()) {
            if (plan.graph().stages().stream().noneMatch(node -> node.id().equals(state.stage()))) {
                throw StateStorage.unfit(state.stage(), "the job has no such stage any more");
            }
            int tasks = tasksBefore(
                    state.stage(), plan.chainOf(state.stage()).parallelism().initial());
            if (state.index() >= tasks) {
                throw StateStorage.unfit(
                        state.stage(), "it had " + tasks + " tasks, and there is state of more than " + state.index());
            }
        }
    }

    private int tasksBefore(StageId stage, int now) {
        return point.tasks().getOrDefault(stage, now);
    }

    /** Of the checkpoint; 0 for nothing. */
    long epoch() {
        return point.epoch();
    }

    boolean isEnded(TaskId task) {
        return point.finished().contains(task);
    }

    /** What the operators of all tasks of a stage had, apart from tables. Reads from the state backend. */
    List<Row> checkpoints(StageId stage, int tasks, BufferAllocator allocator) {
        int before = tasksBefore(stage, tasks);
        return point.states().stream()
                .filter(state -> state.stage().equals(stage) && !StateStorage.isTable(state))
                .map(state -> storage.read(state, before, allocator).checkpoint())
                .toList();
    }

    /** Gives an operator back what it had. Called by the task's thread, since it reads from the state backend. */
    void restore(TaskContext context) {
        List<StateObject> states = point.states().stream()
                .filter(state -> state.stage().equals(context.stage()))
                .sorted(Comparator.comparingInt(StateObject::index))
                .toList();
        int before = tasksBefore(context.stage(), context.parallelism());
        if (before != context.parallelism()) {
            divide(states, before, context);
            return;
        }
        List<OperatorMemory.SavedTable> tables = new ArrayList<>();
        List<StateObject> stored = new ArrayList<>();
        for (StateObject state : states) {
            if (state.index() != context.taskIndex()) {
                continue;
            }
            if (StateStorage.isTable(state)) {
                tables.add(() -> storage.readTable(state, before, context.allocator()));
                stored.add(state);
            } else {
                context.memory().begin(storage.read(state, before, context.allocator()));
            }
        }
        context.memory().beginTables(tables, stored, epoch());
    }

    /**
     * Lets the operator take what is its own of all states, of which one is in memory at a time and some more that other
     * tasks are still to take. Tables of former tasks that had none of its keys are not read.
     */
    private void divide(List<StateObject> states, int before, TaskContext context) {
        if (states.isEmpty()) {
            return;
        }
        context.memory().inherit(operator -> {
            Rescalable rescalable = WrappedOperator.rescalable(operator);
            if (rescalable == null && !states.stream().allMatch(StateStorage::isTable)) {
                throw StateStorage.unfit(
                        context.stage(), "it had " + before + " tasks and has " + context.parallelism() + " now");
            }
            try (KeyShare share = new KeyShare(
                    context.stageId(),
                    context.taskIndex(),
                    context.parallelism(),
                    keys.of(context.stage()),
                    context.allocator())) {
                for (StateObject object : states) {
                    if (rescalable != null && !StateStorage.isTable(object)) {
                        StateFormat.State state = storage.read(object, before, context.allocator());
                        share.divide(
                                new TaskState(object.index(), before, state.checkpoint(), state.values()), rescalable);
                    }
                }
                List<StateObject> tables = needed(states, before, share);
                if (!tables.isEmpty()) {
                    load(tables, before, share, context, OperatorMemory.tabular(operator));
                }
                if (operator instanceof Incremental incremental) {
                    incremental.divided((former, table) -> share.own(former, before, table, context.allocator()));
                }
            }
        });
    }

    /**
     * The tables that may have something of a task's share: those of several former tasks by turns, each one's in their
     * order, so that tasks which have a former one in common are at the same table at about the same time.
     */
    static List<StateObject> needed(List<StateObject> states, int before, KeyShare share) {
        List<List<StateObject>> turns = new ArrayList<>();
        int[] taken = new int[before];
        for (StateObject state : states) {
            boolean none = StateStorage.isByKey(state) && share.partOf(state.index(), before) == 0;
            if (StateStorage.isTable(state) && !none) {
                int turn = taken[state.index()]++;
                if (turn == turns.size()) {
                    turns.add(new ArrayList<>());
                }
                turns.get(turn).add(state);
            }
        }
        return turns.stream().flatMap(List::stream).toList();
    }

    private void load(List<StateObject> tables, int before, KeyShare share, TaskContext context, Tabular operator) {
        RowGuess guess = new RowGuess(operator, tables, table -> share.partOf(table.index(), before));
        SharedTables shared = storage.shared();
        shared.want(tables);
        int taken = 0;
        try {
            for (StateObject object : tables) {
                taken++;
                try (Batch table = shared.read(
                                object,
                                context.allocator(),
                                () -> storage.readTable(object, before, context.allocator()));
                        Batch own = share.own(object.index(), before, table, context.allocator())) {
                    if (own.rowCount() > 0) {
                        operator.load(own);
                    }
                    guess.came(object, table.rowCount());
                }
            }
        } finally {
            shared.leave(tables.subList(taken, tables.size()));
        }
    }
}
