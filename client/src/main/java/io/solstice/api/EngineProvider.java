package io.solstice.api;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.OperatorDefinition;
import io.solstice.common.error.ErrorCode;
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

    /** Takes a checkpoint of a job that has not begun, and says its id: who begins with it reads everything. */
    String checkpointBefore(Job job);

    /** Turns one operator into its runnable form, as a task would; the caller opens, feeds and closes it. */
    BatchOperator createOperator(OperatorDefinition definition);
}
