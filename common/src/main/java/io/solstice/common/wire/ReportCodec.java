package io.solstice.common.wire;

import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.proto.v1.Report;
import io.solstice.proto.v1.SplitList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reports on the wire. */
public final class ReportCodec {
    private ReportCodec() {}

    public static Report toProto(WorkerReport report) {
        Report.Builder sent = Report.newBuilder().setRun(PartCodec.toProto(report.run()));
        if (report instanceof WorkerReport.Prepared prepared) {
            sent.setPrepared(toProto(prepared));
        } else if (report instanceof WorkerReport.PrepareFailed failed) {
            sent.setPrepareFailed(ErrorCodec.toProto(failed.error()));
        } else if (report instanceof WorkerReport.Deployed) {
            sent.setDeployed(Report.Deployed.getDefaultInstance());
        } else if (report instanceof WorkerReport.DeployFailed failed) {
            sent.setDeployFailed(ErrorCodec.toProto(failed.error()));
        } else if (report instanceof WorkerReport.SplitsWanted wanted) {
            sent.setSplitsWanted(Report.SplitsWanted.newBuilder()
                    .setTask(PartCodec.toProto(wanted.task()))
                    .setSource(wanted.source().value())
                    .setNumber(wanted.number())
                    .setAhead(wanted.ahead()));
        } else if (report instanceof WorkerReport.SplitFinished finished) {
            sent.setSplitFinished(Report.SplitFinished.newBuilder()
                    .setTask(PartCodec.toProto(finished.task()))
                    .setSource(finished.source().value())
                    .setSplitId(finished.splitId()));
        } else if (report instanceof WorkerReport.TaskEnded ended) {
            sent.setTaskEnded(toProto(ended));
        } else if (report instanceof WorkerReport.SnapshotTaken taken) {
            sent.setSnapshotTaken(Report.SnapshotTaken.newBuilder()
                    .setEpoch(taken.epoch())
                    .setSnapshot(SnapshotCodec.toProto(taken.snapshot())));
        } else if (report instanceof WorkerReport.SnapshotFailed failed) {
            sent.setSnapshotFailed(toProto(failed));
        } else if (report instanceof WorkerReport.Committed committed) {
            sent.setCommitted(Report.Committed.newBuilder().setEpoch(committed.epoch()));
        } else if (report instanceof WorkerReport.CommitFailed failed) {
            sent.setCommitFailed(Report.CommitFailed.newBuilder()
                    .setEpoch(failed.epoch())
                    .setError(ErrorCodec.toProto(failed.error())));
        } else if (report instanceof WorkerReport.Kept kept) {
            sent.setAccount(AccountCodec.toProto(kept.account()));
        } else if (report instanceof WorkerReport.Released) {
            sent.setReleased(Report.Released.getDefaultInstance());
        }
        return sent.build();
    }

    public static WorkerReport fromProto(Report report) {
        RunId run = PartCodec.fromProto(report.getRun());
        return switch (report.getKindCase()) {
            case PREPARED -> prepared(run, report.getPrepared());
            case PREPARE_FAILED -> new WorkerReport.PrepareFailed(run, ErrorCodec.fromProto(report.getPrepareFailed()));
            case DEPLOYED -> new WorkerReport.Deployed(run);
            case DEPLOY_FAILED -> new WorkerReport.DeployFailed(run, ErrorCodec.fromProto(report.getDeployFailed()));
            case SPLITS_WANTED -> {
                Report.SplitsWanted wanted = report.getSplitsWanted();
                yield new WorkerReport.SplitsWanted(
                        run,
                        PartCodec.fromProto(run, wanted.getTask()),
                        new StageId(wanted.getSource()),
                        Wire.atLeast(1, wanted.getNumber(), "SplitsWanted", "number"),
                        wanted.getAhead());
            }
            case SPLIT_FINISHED -> {
                Report.SplitFinished finished = report.getSplitFinished();
                yield new WorkerReport.SplitFinished(
                        run,
                        PartCodec.fromProto(run, finished.getTask()),
                        new StageId(finished.getSource()),
                        finished.getSplitId());
            }
            case TASK_ENDED ->
                new WorkerReport.TaskEnded(
                        run, PartCodec.fromProto(run, report.getTaskEnded().getTask()), outcome(report.getTaskEnded()));
            case SNAPSHOT_TAKEN ->
                new WorkerReport.SnapshotTaken(
                        run,
                        epoch(report.getSnapshotTaken().getEpoch(), "SnapshotTaken"),
                        SnapshotCodec.fromProto(run, report.getSnapshotTaken().getSnapshot()));
            case SNAPSHOT_FAILED -> snapshotFailed(run, report.getSnapshotFailed());
            case COMMITTED ->
                new WorkerReport.Committed(run, epoch(report.getCommitted().getEpoch(), "Committed"));
            case COMMIT_FAILED ->
                new WorkerReport.CommitFailed(
                        run,
                        epoch(report.getCommitFailed().getEpoch(), "CommitFailed"),
                        ErrorCodec.fromProto(report.getCommitFailed().getError()));
            case ACCOUNT -> new WorkerReport.Kept(run, AccountCodec.fromProto(run, report.getAccount()));
            case RELEASED -> new WorkerReport.Released(run);
            case KIND_NOT_SET -> throw Wire.invalid("Report", "its kind is missing or unknown");
        };
    }

    private static Report.Prepared toProto(WorkerReport.Prepared prepared) {
        Report.Prepared.Builder sent = Report.Prepared.newBuilder().putAllInputs(Wire.sorted(prepared.inputs()));
        prepared.rescalable().stream().map(StageId::value).sorted().forEach(sent::addRescalable);
        Wire.sorted(prepared.splits()).forEach((stage, splits) -> {
            SplitList.Builder list = SplitList.newBuilder();
            splits.forEach(split -> list.addSplits(PartCodec.toProto(split)));
            sent.putSplits(stage, list.build());
        });
        return sent.build();
    }

    private static WorkerReport.Prepared prepared(RunId run, Report.Prepared prepared) {
        Map<StageId, List<Split>> splits = new HashMap<>();
        prepared.getSplitsMap()
                .forEach((stage, list) -> splits.put(new StageId(stage), PartCodec.splits(list.getSplitsList())));
        return new WorkerReport.Prepared(
                run, splits, CommandCodec.inputs(prepared.getInputsMap()), rescalable(prepared));
    }

    private static Set<StageId> rescalable(Report.Prepared prepared) {
        return Wire.atMost(Wire.MAX_ENTRIES, prepared.getRescalableList(), "Prepared", "rescalable").stream()
                .map(StageId::new)
                .collect(Collectors.toSet());
    }

    private static long epoch(long epoch, String message) {
        return Wire.atLeast(1, epoch, message, "epoch");
    }

    private static Report.SnapshotFailed toProto(WorkerReport.SnapshotFailed failed) {
        Report.SnapshotFailed.Builder sent = Report.SnapshotFailed.newBuilder()
                .setEpoch(failed.epoch())
                .setTask(PartCodec.toProto(failed.task()))
                .setError(ErrorCodec.toProto(failed.error()));
        failed.committables().forEach(committable -> sent.addCommittables(PartCodec.toProto(committable)));
        return sent.build();
    }

    private static WorkerReport.SnapshotFailed snapshotFailed(RunId run, Report.SnapshotFailed failed) {
        return new WorkerReport.SnapshotFailed(
                run,
                epoch(failed.getEpoch(), "SnapshotFailed"),
                PartCodec.fromProto(run, failed.getTask()),
                PartCodec.committables(failed.getCommittablesList()),
                ErrorCodec.fromProto(failed.getError()));
    }

    private static Report.TaskEnded toProto(WorkerReport.TaskEnded ended) {
        Report.TaskEnded.Builder sent = Report.TaskEnded.newBuilder().setTask(PartCodec.toProto(ended.task()));
        if (ended.outcome() instanceof TaskOutcome.Finished finished) {
            Report.Finished.Builder output = Report.Finished.newBuilder();
            finished.committables().forEach(committable -> output.addCommittables(PartCodec.toProto(committable)));
            sent.setFinished(output);
        } else if (ended.outcome() instanceof TaskOutcome.Failed failed) {
            sent.setFailed(ErrorCodec.toProto(failed.error()));
        } else if (ended.outcome() instanceof TaskOutcome.Cancelled) {
            sent.setCancelled(Report.Cancelled.getDefaultInstance());
        }
        return sent.build();
    }

    private static TaskOutcome outcome(Report.TaskEnded ended) {
        return switch (ended.getOutcomeCase()) {
            case FINISHED ->
                new TaskOutcome.Finished(
                        PartCodec.committables(ended.getFinished().getCommittablesList()));
            case FAILED -> new TaskOutcome.Failed(ErrorCodec.fromProto(ended.getFailed()));
            case CANCELLED -> new TaskOutcome.Cancelled();
            case OUTCOME_NOT_SET -> throw Wire.invalid("TaskEnded", "its outcome is missing or unknown");
        };
    }
}
