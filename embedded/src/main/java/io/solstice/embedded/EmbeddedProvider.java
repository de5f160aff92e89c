package io.solstice.embedded;

import io.solstice.api.EngineProvider;
import io.solstice.api.Job;
import io.solstice.api.RestoreFrom;
import io.solstice.api.Solstice;
import io.solstice.api.StateBackend;
import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.OperatorDefinition;
import io.solstice.api.row.Row;
import io.solstice.common.id.JobId;
import io.solstice.common.loop.Clock;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStores;
import io.solstice.master.checkpoint.CheckpointShelf;
import io.solstice.master.checkpoint.IdleCheckpoint;
import io.solstice.spi.RestorePlan;
import io.solstice.spi.StageState;
import io.solstice.worker.operator.Operators;
import java.util.List;

/** What the client finds on the class path. */
public final class EmbeddedProvider implements EngineProvider {
    @Override
    public Solstice startEmbedded() {
        return new EmbeddedSolstice();
    }

    @Override
    public List<String> listCheckpoints(StateBackend backend, String jobId) {
        try (ObjectStore store = ObjectStores.open(backend.toConfig())) {
            return CheckpointShelf.of(store, new JobId(jobId)).ids();
        }
    }

    @Override
    public List<StageState> states(StateBackend backend, String jobId, String checkpoint) {
        try (ObjectStore store = ObjectStores.open(backend.toConfig())) {
            return new StateInspection(store, new JobId(jobId), checkpoint).stages();
        }
    }

    @Override
    public List<Row> stateRows(StateBackend backend, String jobId, String checkpoint, String stage) {
        try (ObjectStore store = ObjectStores.open(backend.toConfig())) {
            return new StateInspection(store, new JobId(jobId), checkpoint).rows(stage);
        }
    }

    @Override
    public RestorePlan restorePlan(Job job, RestoreFrom from) {
        try (ObjectStore store = ObjectStores.open(job.stateBackend().toConfig())) {
            return new RestorePlanning(store, job, from).plan();
        }
    }

    @Override
    public String checkpointBefore(Job job) {
        try (ObjectStore store = ObjectStores.open(job.stateBackend().toConfig())) {
            return IdleCheckpoint.take(store, job.graph(), Clock.SYSTEM.wallMillis())
                    .value();
        }
    }

    @Override
    public BatchOperator createOperator(OperatorDefinition definition) {
        return Operators.create(definition);
    }
}
