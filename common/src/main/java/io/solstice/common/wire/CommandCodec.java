package io.solstice.common.wire;

import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.CommitPoint;
import io.solstice.common.protocol.Renewal;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.proto.v1.Command;
import io.solstice.proto.v1.CommitKind;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Commands on the wire. */
public final class CommandCodec {
    private static final int MAX_SECRET = 1024;
    private static final int MAX_ATTEMPT = 64;
    private static final Pattern ATTEMPT = Pattern.compile("[0-9.]*");

    private CommandCodec() {}

    public static Command toProto(WorkerCommand command) {
        Command.Builder sent = Command.newBuilder().setRun(PartCodec.toProto(command.run()));
        if (command instanceof WorkerCommand.Prepare prepare) {
            sent.setPrepare(Command.Prepare.newBuilder().setSpec(SpecCodec.toProto(prepare.spec())));
        } else if (command instanceof WorkerCommand.Deploy deploy) {
            sent.setDeploy(toProto(deploy));
        } else if (command instanceof WorkerCommand.Start) {
            sent.setStart(Command.Start.getDefaultInstance());
        } else if (command instanceof WorkerCommand.AssignSplits assign) {
            var splits = Command.AssignSplits.newBuilder()
                    .setTask(PartCodec.toProto(assign.task()))
                    .setSource(assign.source().value())
                    .setNumber(assign.number())
                    .setLast(assign.last());
            assign.splits().forEach(split -> splits.addSplits(SnapshotCodec.toProto(split)));
            sent.setAssignSplits(splits);
        } else if (command instanceof WorkerCommand.Checkpoint checkpoint) {
            sent.setCheckpoint(Command.Checkpoint.newBuilder()
                    .setEpoch(checkpoint.epoch())
                    .setLast(checkpoint.last())
                    .setCanonical(checkpoint.canonical()));
        } else if (command instanceof WorkerCommand.Cancel) {
            sent.setCancel(Command.Cancel.getDefaultInstance());
        } else if (command instanceof WorkerCommand.EndTasks end) {
            var tasks = Command.EndTasks.newBuilder();
            end.tasks().forEach(task -> tasks.addTasks(PartCodec.toProto(task)));
            sent.setEndTasks(tasks);
        } else if (command instanceof WorkerCommand.Discard discard) {
            var vain = Command.Discard.newBuilder();
            discard.committables().forEach(committable -> vain.addCommittables(PartCodec.toProto(committable)));
            sent.setDiscard(vain);
        } else if (command instanceof WorkerCommand.Commit commit) {
            var toPublish = Command.Commit.newBuilder()
                    .setSpec(SpecCodec.toProto(commit.spec()))
                    .setCheckpointId(commit.point().id().value())
                    .setEpoch(commit.point().epoch())
                    .setKind(CommitKind.valueOf(commit.point().kind().name()));
            commit.committables().forEach(committable -> toPublish.addCommittables(PartCodec.toProto(committable)));
            sent.setCommit(toPublish);
        } else if (command instanceof WorkerCommand.Release release) {
            var discarded = Command.Release.newBuilder();
            release.discarded().forEach(committable -> discarded.addDiscarded(PartCodec.toProto(committable)));
            sent.setRelease(discarded);
        }
        return sent.build();
    }

    public static WorkerCommand fromProto(Command command) {
        RunId run = PartCodec.fromProto(command.getRun());
        return switch (command.getKindCase()) {
            case PREPARE -> {
                Wire.present(command.getPrepare().hasSpec(), "Prepare", "spec");
                yield new WorkerCommand.Prepare(
                        run, SpecCodec.fromProto(command.getPrepare().getSpec()));
            }
            case DEPLOY -> deploy(run, command.getDeploy());
            case START -> new WorkerCommand.Start(run);
            case ASSIGN_SPLITS -> {
                Command.AssignSplits assign = command.getAssignSplits();
                yield new WorkerCommand.AssignSplits(
                        run,
                        PartCodec.fromProto(run, assign.getTask()),
                        new StageId(assign.getSource()),
                        Wire.atLeast(1, assign.getNumber(), "AssignSplits", "number"),
                        SnapshotCodec.starts(assign.getSplitsList()),
                        assign.getLast());
            }
            case CHECKPOINT ->
                new WorkerCommand.Checkpoint(
                        run,
                        Wire.atLeast(1, command.getCheckpoint().getEpoch(), "Checkpoint", "epoch"),
                        command.getCheckpoint().getLast(),
                        Wire.atLeast(0, command.getCheckpoint().getCanonical(), "Checkpoint", "canonical"));
            case CANCEL -> new WorkerCommand.Cancel(run);
            case END_TASKS ->
                new WorkerCommand.EndTasks(
                        run, PartCodec.tasks(run, command.getEndTasks().getTasksList()));
            case DISCARD ->
                new WorkerCommand.Discard(
                        run, PartCodec.committables(command.getDiscard().getCommittablesList()));
            case COMMIT -> {
                Command.Commit commit = command.getCommit();
                Wire.present(commit.hasSpec(), "Commit", "spec");
                yield new WorkerCommand.Commit(
                        run,
                        SpecCodec.fromProto(commit.getSpec()),
                        new CommitPoint(
                                new CheckpointId(commit.getCheckpointId()),
                                Wire.atLeast(1, commit.getEpoch(), "Commit", "epoch"),
                                Wire.word(CommitPoint.Kind.class, commit.getKind(), "Commit", "kind")),
                        PartCodec.committables(commit.getCommittablesList()));
            }
            case RELEASE ->
                new WorkerCommand.Release(
                        run, PartCodec.committables(command.getRelease().getDiscardedList()));
            case KIND_NOT_SET -> throw Wire.invalid("Command", "its kind is missing or unknown");
        };
    }

    private static Command.Deploy toProto(WorkerCommand.Deploy deploy) {
        Command.Deploy.Builder sent = Command.Deploy.newBuilder()
                .setSpec(SpecCodec.toProto(deploy.spec()))
                .putAllInputs(Wire.sorted(deploy.inputs()))
                .setSecret(deploy.secret())
                .setRestore(SnapshotCodec.toProto(deploy.restore()));
        sent.addAllPlacement(PlacementCodec.chains(deploy.placement()))
                .putAllEndpoints(PlacementCodec.endpoints(deploy.placement()))
                .setAttempt(deploy.renewal().attempt());
        deploy.renewal().tasks().forEach(task -> sent.addRenewed(PartCodec.toProto(task)));
        return sent.build();
    }

    private static WorkerCommand.Deploy deploy(RunId run, Command.Deploy deploy) {
        Wire.present(deploy.hasSpec(), "Deploy", "spec");
        return new WorkerCommand.Deploy(
                run,
                SpecCodec.fromProto(deploy.getSpec()),
                inputs(deploy.getInputsMap()),
                PlacementCodec.fromProto(deploy.getPlacementList(), deploy.getEndpointsMap()),
                Wire.text(deploy.getSecret(), MAX_SECRET, "Deploy", "secret"),
                SnapshotCodec.fromProto(run, deploy.getRestore()),
                renewal(run, deploy));
    }

    private static Renewal renewal(RunId run, Command.Deploy deploy) {
        String attempt = Wire.text(deploy.getAttempt(), MAX_ATTEMPT, "Deploy", "attempt");
        if (!ATTEMPT.matcher(attempt).matches() || attempt.isEmpty() != (deploy.getRenewedCount() == 0)) {
            throw Wire.invalid("Deploy", "attempt '" + attempt + "' does not fit its renewed tasks");
        }
        return new Renewal(attempt, PartCodec.tasks(run, deploy.getRenewedList()));
    }

    static Map<StageId, String> inputs(Map<String, String> inputs) {
        return inputs.entrySet().stream()
                .collect(Collectors.toMap(entry -> new StageId(entry.getKey()), Map.Entry::getValue));
    }
}
