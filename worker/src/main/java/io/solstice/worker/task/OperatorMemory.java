package io.solstice.worker.task;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.row.Row;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.StateObject;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.Incremental;
import io.solstice.spi.StateFormat;
import io.solstice.spi.Tabular;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** What the engine keeps for one operator of one task between its calls, and over restarts. Used by the task's thread. */
public final class OperatorMemory {
    private final StageId stage;
    private final int taskIndex;
    private final int parallelism;
    private final Heir heir;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private @Nullable Row restored;
    private @Nullable Inheritance inheritance;
    private List<SavedTable> tables = List.of();
    private List<StateObject> stored = List.of();
    /** The cut whose tables these are, all of them and whole; 0 if they are not. */
    private long tablesOf;

    private final PieceLedger ledger = new PieceLedger();

    /** The states of the tasks that the stage had when it had another number of them. */
    @FunctionalInterface
    public interface Inheritance {
        /** Lets an operator take over its own of them, or fails if it cannot. */
        void divide(BatchOperator operator) throws Exception;
    }

    /** A table of the state, not yet read. */
    @FunctionalInterface
    public interface SavedTable {
        /** The caller closes it. */
        Batch read() throws Exception;
    }

    /** Gets what a task leaves. */
    @FunctionalInterface
    public interface Heir {
        /** @param table what the object has, taken over */
        void leave(StateObject object, Batch table);
    }

    /** Of a task that leaves nothing. */
    public OperatorMemory(StageId stage, int taskIndex, int parallelism) {
        this(stage, taskIndex, parallelism, (object, table) -> table.close());
    }

    public OperatorMemory(StageId stage, int taskIndex, int parallelism, Heir heir) {
        this.stage = stage;
        this.taskIndex = taskIndex;
        this.parallelism = parallelism;
        this.heir = heir;
    }

    public @Nullable Object get(String name) {
        return values.get(name);
    }

    /** A null forgets the name. */
    public void set(String name, @Nullable Object value) {
        if (value == null) {
            values.remove(name);
        } else {
            values.put(name, value);
        }
    }

    /** Begins with what a cut had, before the operator is opened. */
    public void begin(StateFormat.State state) {
        state.values().toMap().forEach(this::set);
        restored = state.checkpoint();
    }

    /**
     * Begins with tables besides, of which one is in memory at a time.
     *
     * @param stored where they are
     * @param epoch of the cut that had them
     */
    public void beginTables(List<SavedTable> saved, List<StateObject> stored, long epoch) {
        tables = saved;
        this.stored = stored;
        tablesOf = epoch;
        ledger.enter(epoch, stored);
    }

    /** Begins with a share of what all tasks had, when the operator has been opened. */
    public void inherit(Inheritance states) {
        inheritance = states;
    }

    /** Gives an operator that has been opened what it begins with, if there is something. */
    void restore(BatchOperator operator) throws Exception {
        Inheritance before = inheritance;
        Row own = restored;
        inheritance = null;
        restored = null;
        if (before != null) {
            before.divide(operator);
        } else if (own != null) {
            operator.restore(own);
        }
        List<SavedTable> saved = tables;
        tables = List.of();
        if (!saved.isEmpty()) {
            load(saved, tabular(operator));
        }
    }

    private void load(List<SavedTable> saved, Tabular operator) throws Exception {
        RowGuess guess = new RowGuess(operator, stored, table -> 1);
        for (int i = 0; i < saved.size(); i++) {
            try (Batch content = saved.get(i).read()) {
                operator.load(content);
                guess.came(stored.get(i), content.rowCount());
            }
        }
        if (operator instanceof Incremental incremental) {
            incremental.restored(tablesOf);
        }
    }

    /** An operator that can take tables back. */
    public static Tabular tabular(BatchOperator operator) {
        if (operator instanceof Tabular tabular) {
            return tabular;
        }
        throw ErrorCode.STATE_UNFIT
                .error("the state has tables, and the stage's operator has none")
                .cause("the operator is " + operator.getClass().getName())
                .help("restore with the job that the checkpoint was taken of, or begin it anew")
                .toException();
    }

    /** Adds copies of everything that is not stored: none if there is nothing. */
    void copy(BatchOperator operator, Barrier cut, BufferAllocator allocator, Consumer<OperatorState> into)
            throws Exception {
        StateFormat.Origin origin = origin(operator);
        Row checkpoint = operator.checkpoint();
        if (!checkpoint.names().isEmpty() || !values.isEmpty()) {
            StateFormat.State state = new StateFormat.State(checkpoint, Row.ofMap(values));
            into.accept(new OperatorState(stage, StateFormat.copy(state, origin, allocator)));
        }
        if (operator instanceof Incremental incremental) {
            copyPieces(incremental, cut, origin, into);
        } else if (operator instanceof Tabular tabular) {
            for (Batch table : tabular.tables()) {
                into.accept(new OperatorState(stage, StateFormat.copyTable(table, origin)));
            }
        }
    }

    /** Trouble ends the task: what is stored and in memory as well need not be read again. The operator is still open. */
    void leave(BatchOperator operator) {
        if (operator instanceof Incremental incremental) {
            StateFormat.Origin origin = origin(operator);
            ledger.all()
                    .forEach((epoch, objects) -> incremental.leave(
                            epoch,
                            (index, table) ->
                                    heir.leave(objects.get(index), StateFormat.copyTable(table.share(), origin))));
        }
    }

    private StateFormat.Origin origin(BatchOperator operator) {
        return new StateFormat.Origin(
                stage.value(), taskIndex, parallelism, operator.getClass().getName());
    }

    private void copyPieces(
            Incremental operator, Barrier cut, StateFormat.Origin origin, Consumer<OperatorState> into) {
        List<StateObject> known = ledger.base(cut.base());
        for (Incremental.Piece piece : operator.pieces(cut.epoch(), known == null ? 0 : cut.base())) {
            if (piece instanceof Incremental.Fresh fresh) {
                into.accept(new OperatorState(stage, StateFormat.copyTable(fresh.table(), origin), null, ledger));
            } else if (piece instanceof Incremental.Stored stored) {
                StateObject object =
                        Objects.requireNonNull(known, "no base was given").get(stored.index());
                into.accept(new OperatorState(stage, null, object, ledger));
            }
        }
    }
}
