package io.solstice.api;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.OperatorDefinition;
import io.solstice.api.row.Row;
import io.solstice.common.error.ErrorCode;
import io.solstice.spi.RestorePlan;
import io.solstice.spi.StageState;
import java.util.List;
import java.util.ServiceLoader;

/** An engine on the class path. */
public interface EngineProvider {
    /** The only one; a coded error if there is none. */
    static EngineProvider onClassPath() {
        return ServiceLoader.load(EngineProvider.class)
                .findFirst()
                .orElseThrow(() -> ErrorCode.ENGINE_MISSING
                        .error("the embedded engine is not on the class path")
                        .help("add the dependency io.solstice:solstice-embedded")
                        .toException());
    }

    Solstice startEmbedded();

    /** The ids of the checkpoints of a job in a state backend, oldest first. */
    List<String> listCheckpoints(StateBackend backend, String jobId);

    /**
     * The stages that have state in a checkpoint of a job; works without a master.
     *
     * @param checkpoint an id, a beginning that only one has, or {@code latest}
     */
    List<StageState> states(StateBackend backend, String jobId, String checkpoint);

    /**
     * The state of a stage in a checkpoint as rows: for state by key one for each key, with its columns and those of the
     * states; for an operator of one's own what its {@code checkpoint} gave and the values that it keeps.
     *
     * @param checkpoint as {@link #states} takes it
     */
    List<Row> stateRows(StateBackend backend, String jobId, String checkpoint, String stage);

    /**
     * What a job would begin with, without starting it: checks the job as a start does, and what the checkpoint has
     * against it. Works without a master.
     *
     * @param from a checkpoint, or the latest
     */
    RestorePlan restorePlan(Job job, RestoreFrom from);

    /** Takes a checkpoint of a job that has not begun, and says its id: who begins with it reads everything. */
    String checkpointBefore(Job job);

    /** Turns one operator into its runnable form, as a task would; the caller opens, feeds and closes it. */
    BatchOperator createOperator(OperatorDefinition definition);
}
