package io.solstice.spi;

import io.solstice.api.operator.Rescalable;
import io.solstice.api.operator.TaskShare;
import io.solstice.api.operator.TaskState;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.exchange.partition.KeyHash;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * The share of one task while states are divided. A key is written into columns of the types that the rows have, and goes
 * through the same hash as they do. Used by one thread.
 */
public final class KeyShare implements TaskShare, AutoCloseable {
    private final String stage;
    private final int taskIndex;
    private final int parallelism;
    private final @Nullable KeyedInput input;
    private final KeyColumn[] columns;
    private final FieldVector[] vectors;
    /** Used again for each table: a new one each time is so large that the collector marks all of the heap for it. */
    private long[] hashes = new long[1];

    private @Nullable TaskState current;

    /** @param input null for a stage whose rows are not divided by key */
    public KeyShare(
            String stage, int taskIndex, int parallelism, @Nullable KeyedInput input, BufferAllocator allocator) {
        this.stage = stage;
        this.taskIndex = taskIndex;
        this.parallelism = parallelism;
        this.input = input;
        this.columns = input == null
                ? new KeyColumn[0]
                : IntStream.range(0, input.columns().size())
                        .mapToObj(i -> new KeyColumn(input.columns().get(i), input.field(i), allocator))
                        .toArray(KeyColumn[]::new);
        this.vectors = new FieldVector[columns.length];
    }

    /** Lets an operator take over what is its own of one state. */
    public void divide(TaskState before, Rescalable operator) throws Exception {
        current = before;
        try {
            operator.rescale(before, this);
        } finally {
            current = null;
        }
    }

    @Override
    public boolean owns(@Nullable Object... key) {
        KeyedInput keyed = input;
        if (keyed == null) {
            throw unfit("its rows are not divided by key, so no task owns one")
                    .error()
                    .help("ask inherits(...) for state that has no key, or put a KeyByOperator before the stage")
                    .toException();
        }
        if (key.length != columns.length) {
            throw unfit("found " + Arrays.toString(key) + ", expected a value for each column of the key: "
                    + keyed.columns());
        }
        for (int i = 0; i < key.length; i++) {
            vectors[i] = columns[i].set(key[i]);
        }
        KeyHash.hash(vectors, 1, hashes);
        int group = KeyHash.keyGroup(hashes[0], keyed.keyGroups());
        TaskState before = current;
        if (before != null && KeyHash.task(group, keyed.keyGroups(), before.parallelism()) != before.taskIndex()) {
            throw unfit("rows of the key " + Arrays.toString(key) + " never came to task " + before.taskIndex() + " of "
                    + before.parallelism() + ", whose state has it");
        }
        return KeyHash.task(group, keyed.keyGroups(), parallelism) == taskIndex;
    }

    /** How much of a former task's keys are this task's: from 0 for none to 1 for all. */
    public double partOf(int formerTask, int formerTasks) {
        KeyedInput keyed = input;
        if (keyed == null) {
            return 1;
        }
        int groups = keyed.keyGroups();
        int first = KeyHash.firstGroup(formerTask, groups, formerTasks);
        int end = KeyHash.firstGroup(formerTask + 1, groups, formerTasks);
        int common = Math.min(end, KeyHash.firstGroup(taskIndex + 1, groups, parallelism))
                - Math.max(first, KeyHash.firstGroup(taskIndex, groups, parallelism));
        return common <= 0 ? 0 : (double) common / (end - first);
    }

    /**
     * The rows of a former task's table whose keys are this task's, or which are its own in the way that {@link
     * Tabular#SHARE} says; the caller closes them.
     *
     * @param table with the columns of the key first; stays the caller's
     */
    public Batch own(int formerTask, int formerTasks, Batch table, BufferAllocator allocator) {
        String kind = table.schema().getCustomMetadata().getOrDefault(Tabular.SHARE, "");
        return switch (kind) {
            case Tabular.COPIED -> formerTask == 0 ? table.share() : Batch.empty(table.schema(), allocator);
            case Tabular.WHOLE -> table.share();
            case Tabular.INHERITED ->
                formerTask % parallelism == taskIndex ? table.share() : Batch.empty(table.schema(), allocator);
            default -> ownByKey(formerTask, formerTasks, table, allocator);
        };
    }

    private Batch ownByKey(int formerTask, int formerTasks, Batch table, BufferAllocator allocator) {
        KeyedInput keyed = input;
        if (keyed == null) {
            throw unfit("its rows are not divided by key, so no task owns a row of a table");
        }
        FieldVector[] keys = table.columns().subList(0, keyed.columns().size()).toArray(new FieldVector[0]);
        int rows = table.rowCount();
        if (hashes.length < rows) {
            hashes = new long[rows];
        }
        KeyHash.hash(keys, rows, hashes);
        Selection own = new Selection();
        for (int row = 0; row < rows; row++) {
            int group = KeyHash.keyGroup(hashes[row], keyed.keyGroups());
            if (KeyHash.task(group, keyed.keyGroups(), formerTasks) != formerTask) {
                throw unfit("row " + row + " of a table has a key whose rows never came to task " + formerTask + " of "
                        + formerTasks);
            }
            if (KeyHash.task(group, keyed.keyGroups(), parallelism) == taskIndex) {
                own.add(row);
            }
        }
        return Gather.rows(table, own, allocator);
    }

    @Override
    public boolean inherits(TaskState before) {
        return before.taskIndex() % parallelism == taskIndex;
    }

    private SolsticeException unfit(String cause) {
        return ErrorCode.STATE_UNFIT
                .error("the state of stage '" + stage + "' cannot be divided by that key")
                .where("stage '" + stage + "', owns(...) in rescale")
                .cause(cause)
                .help("give owns(...) the values of the columns that the KeyByOperator names, as they are in the rows")
                .toException();
    }

    @Override
    public void close() {
        for (KeyColumn column : columns) {
            column.close();
        }
    }
}
