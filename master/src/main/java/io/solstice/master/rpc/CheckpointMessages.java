package io.solstice.master.rpc;

import io.solstice.common.id.JobId;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.StateObject;
import io.solstice.master.checkpoint.StoredCheckpoint;
import io.solstice.master.job.Manifest;
import io.solstice.master.job.SourcePlan;
import io.solstice.proto.v1.CheckpointDescription;
import io.solstice.proto.v1.CheckpointSummary;

/** What is known of stored checkpoints, as messages. */
final class CheckpointMessages {
    private CheckpointMessages() {}

    static CheckpointSummary summary(StoredCheckpoint stored) {
        Manifest manifest = stored.manifest();
        return CheckpointSummary.newBuilder()
                .setCheckpointId(manifest.id().value())
                .setEpoch(manifest.epoch())
                .setGeneration(manifest.run().generation())
                .setTimeMillis(manifest.millis())
                .setBytes(manifest.bytes())
                .setLast(manifest.last())
                .setPublished(stored.published())
                .build();
    }

    static CheckpointDescription description(JobId job, StoredCheckpoint stored) {
        Manifest manifest = stored.manifest();
        CheckpointDescription.Builder description = CheckpointDescription.newBuilder()
                .setJobId(job.value())
                .setSummary(summary(stored))
                .setTerm(manifest.term())
                .setKeyGroups(manifest.keyGroups());
        manifest.stages().forEach(stage -> description.addStages(stage(manifest, stage)));
        manifest.states().forEach(state -> description.addStates(state(state)));
        return description.build();
    }

    private static CheckpointDescription.Stage stage(Manifest manifest, Manifest.Stage stage) {
        StageId id = stage.id();
        CheckpointDescription.Stage.Builder message = CheckpointDescription.Stage.newBuilder()
                .setStageId(id.value())
                .setOperatorType(stage.operatorType())
                .setParallelism(stage.parallelism())
                .setOutputs((int) manifest.committables().stream()
                        .filter(output -> output.stage().equals(id))
                        .count())
                .setFinishedTasks((int) manifest.finished().stream()
                        .filter(task -> task.stage().equals(id))
                        .count());
        SourcePlan source = manifest.source(id);
        if (source != null) {
            message.setSplits(source.total())
                    .setPendingSplits(source.remaining().size());
        }
        return message.build();
    }

    private static CheckpointDescription.State state(StateObject state) {
        return CheckpointDescription.State.newBuilder()
                .setStageId(state.stage().value())
                .setTaskIndex(state.index())
                .setKey(state.key())
                .setBytes(state.bytes())
                .setSha256(state.sha256())
                .build();
    }
}
