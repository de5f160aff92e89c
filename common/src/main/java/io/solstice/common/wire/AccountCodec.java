package io.solstice.common.wire;

import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.RunAccount;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.proto.v1.Report;
import java.util.List;

/** What workers say of runs that they kept, on the wire. */
final class AccountCodec {
    private AccountCodec() {}

    static Report.Account toProto(RunAccount account) {
        Report.Account.Builder sent = Report.Account.newBuilder()
                .setEpoch(account.epoch())
                .setLast(account.last())
                .setRenewed(account.renewed());
        account.alive().forEach(task -> sent.addAlive(PartCodec.toProto(task)));
        account.reports().forEach(report -> sent.addReports(ReportCodec.toProto(report)));
        for (RunAccount.Assigned assigned : account.assigned()) {
            Report.Assigned.Builder given = sent.addAssignedBuilder()
                    .setTask(PartCodec.toProto(assigned.task()))
                    .setSource(assigned.source().value())
                    .setNumber(assigned.number())
                    .setFinished(assigned.finished())
                    .setLast(assigned.last());
            assigned.splits().forEach(split -> given.addSplits(SnapshotCodec.toProto(split)));
        }
        return sent.build();
    }

    static RunAccount fromProto(RunId run, Report.Account account) {
        return new RunAccount(
                account.getAliveList().stream()
                        .map(task -> PartCodec.fromProto(run, task))
                        .toList(),
                Wire.atLeast(0, account.getEpoch(), "Account", "epoch"),
                account.getLast(),
                account.getAssignedList().stream()
                        .map(assigned -> assigned(run, assigned))
                        .toList(),
                reports(account.getReportsList()),
                account.getRenewed());
    }

    private static RunAccount.Assigned assigned(RunId run, Report.Assigned assigned) {
        return new RunAccount.Assigned(
                PartCodec.fromProto(run, assigned.getTask()),
                new StageId(assigned.getSource()),
                Wire.atLeast(0, assigned.getNumber(), "Assigned", "number"),
                SnapshotCodec.starts(assigned.getSplitsList()),
                Wire.within(0, assigned.getSplitsCount(), assigned.getFinished(), "Assigned", "finished"),
                assigned.getLast());
    }

    /** Of those that an account can have: one within another would have no end. */
    private static List<WorkerReport> reports(List<Report> reports) {
        for (Report report : reports) {
            if (!report.hasSnapshotTaken() && !report.hasSnapshotFailed() && !report.hasTaskEnded()) {
                throw Wire.invalid("Account", "it has a report of kind " + report.getKindCase());
            }
        }
        return reports.stream().map(ReportCodec::fromProto).toList();
    }
}
