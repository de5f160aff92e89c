package io.solstice.worker.job;

import io.solstice.api.operator.OperatorContext;
import io.solstice.api.row.RowReader;
import io.solstice.api.source.SourceContext;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.StateUse;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.store.StateHome;
import io.solstice.worker.task.OperatorMemory;
import io.solstice.worker.task.StageCounters;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stage of one task, as its operator or source sees it. */
record TaskContext(
        String jobId,
        StageId stage,
        int taskIndex,
        int parallelism,
        List<String> keyColumns,
        TaskGpus gpus,
        StateHome stateHome,
        String runId,
        @Nullable Schema inputSchema,
        BufferAllocator allocator,
        OperatorMemory memory,
        StageCounters counters,
        DeadLetters deadLetters,
        @Nullable Consumer<Batch> lateRows)
        implements OperatorContext, SourceContext, StateHome.Owner {
    private static final Logger LOG = LoggerFactory.getLogger("io.solstice.skipped");

    /**
     * Those of the task.
     *
     * @param ids of the same GPUs as the ordinals, in the same order
     */
    record TaskGpus(List<Integer> ordinals, List<String> ids) {}

    @Override
    public List<String> gpuIds() {
        return gpus.ids();
    }

    @Override
    public List<Integer> gpuOrdinals() {
        return gpus.ordinals();
    }

    @Override
    public String stageId() {
        return stage.value();
    }

    @Override
    public @Nullable Object getState(String name) {
        return memory.get(name);
    }

    @Override
    public void setState(String name, @Nullable Object value) {
        memory.set(name, value);
    }

    @Override
    public void keeps(StateUse use) {
        counters.keeps(use);
    }

    @Override
    public boolean givesLateRows() {
        return lateRows != null;
    }

    @Override
    public void late(Batch rows) {
        Consumer<Batch> road = lateRows;
        if (road == null) {
            OperatorContext.super.late(rows);
        } else {
            counters.addLate(rows.rowCount());
            road.accept(rows);
        }
    }

    @Override
    public void skip(Batch rows, int row, Throwable why) {
        aside("task " + taskIndex, new RowReader(rows).row(row), why);
    }

    @Override
    public void skip(String place, String raw, Throwable why) {
        aside(place, raw, why);
    }

    /** Ends the dead-letter file, if there is one. */
    void close() {
        try {
            deadLetters.close();
        } catch (IOException failure) {
            LOG.warn("the dead letters of stage {} may be incomplete: {}", stage, failure.toString());
        }
    }

    /** Counters that nobody reads, for work that the user did not ask for as a stage. */
    StageCounters hidden() {
        return new StageCounters();
    }

    private void aside(String place, Object record, Throwable why) {
        counters.skip();
        if (why instanceof SolsticeException coded && coded.code() == ErrorCode.ROW_LATE) {
            counters.addLate(1);
        }
        deadLetters.add(place, record, why);
        LOG.debug("stage {} skipped {} ({}): {}", stage, record, place, why.toString());
    }
}
