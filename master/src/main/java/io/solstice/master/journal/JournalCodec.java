package io.solstice.master.journal;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.common.wire.ErrorCodec;
import io.solstice.common.wire.PartCodec;
import io.solstice.common.wire.PlacementCodec;
import io.solstice.common.wire.ReportCodec;
import io.solstice.common.wire.SpecCodec;
import io.solstice.master.job.JobFact;
import io.solstice.master.job.Move;
import io.solstice.master.job.Standing;
import io.solstice.master.journal.JournalEntry.KeptJob;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between a journal's entries and their bytes. */
final class JournalCodec {
    private JournalCodec() {}

    static io.solstice.proto.v1.JournalEntry toProto(JournalEntry entry) {
        io.solstice.proto.v1.JournalEntry.Builder message =
                io.solstice.proto.v1.JournalEntry.newBuilder().setTimeMillis(entry.millis());
        if (entry instanceof JournalEntry.TermBegun begun) {
            message.getTermBegunBuilder().setTerm(begun.term()).setClusterId(begun.cluster());
        } else if (entry instanceof JournalEntry.JobAccepted accepted) {
            message.getJobAcceptedBuilder()
                    .setRun(PartCodec.toProto(accepted.run()))
                    .setSpec(SpecCodec.toProto(accepted.spec()));
        } else if (entry instanceof JournalEntry.JobMoved moved) {
            message.setJobMoved(move(moved.move()).setRun(PartCodec.toProto(moved.run())));
        } else if (entry instanceof JournalEntry.JobRestarted restarted) {
            message.getJobRestartedBuilder()
                    .setRun(PartCodec.toProto(restarted.run()))
                    .setGeneration(restarted.generation());
        } else if (entry instanceof JournalEntry.JobLearned learned
                && learned.fact() instanceof JobFact.Prepared found) {
            message.setJobPrepared(prepared(found).setRun(PartCodec.toProto(learned.run())));
        } else if (entry instanceof JournalEntry.JobLearned learned
                && learned.fact() instanceof JobFact.Placed placed) {
            message.setJobPlaced(placed(placed).setRun(PartCodec.toProto(learned.run())));
        } else if (entry instanceof JournalEntry.JobLearned learned) {
            message.getJobOverBuilder().setRun(PartCodec.toProto(learned.run()));
        } else if (entry instanceof JournalEntry.JobForgotten forgotten) {
            message.getJobForgottenBuilder().setRun(PartCodec.toProto(forgotten.run()));
        } else if (entry instanceof JournalEntry.Summary summary) {
            message.setSummary(summary(summary));
        }
        return message.build();
    }

    private static io.solstice.proto.v1.JournalEntry.JobMoved.Builder move(Move move) {
        io.solstice.proto.v1.JournalEntry.JobMoved.Builder message =
                io.solstice.proto.v1.JournalEntry.JobMoved.newBuilder().setState(PartCodec.toProto(move.state()));
        if (move.error() != null) {
            message.setError(ErrorCodec.toProto(move.error()));
        }
        return message;
    }

    private static io.solstice.proto.v1.JournalEntry.Summary summary(JournalEntry.Summary summary) {
        io.solstice.proto.v1.JournalEntry.Summary.Builder message =
                io.solstice.proto.v1.JournalEntry.Summary.newBuilder()
                        .setTerm(summary.term())
                        .setLastGeneration(summary.lastGeneration())
                        .setClusterId(summary.cluster());
        for (KeptJob job : summary.jobs()) {
            io.solstice.proto.v1.JournalEntry.KeptJob.Builder kept = message.addJobsBuilder()
                    .setRun(PartCodec.toProto(job.run()))
                    .setSpec(SpecCodec.toProto(job.spec()))
                    .setLast(move(job.last()))
                    .setAcceptedMillis(job.acceptedMillis())
                    .setEndedMillis(job.endedMillis())
                    .setGeneration(job.standing().generation())
                    .setRestarts(job.standing().restarts())
                    .setOver(job.standing().over());
            if (job.standing().prepared() != null) {
                kept.setPrepared(prepared(job.standing().prepared()));
            }
            if (job.standing().placed() != null) {
                kept.setPlaced(placed(job.standing().placed()));
            }
        }
        return message.build();
    }

    private static io.solstice.proto.v1.JournalEntry.JobPrepared.Builder prepared(JobFact.Prepared fact) {
        return io.solstice.proto.v1.JournalEntry.JobPrepared.newBuilder().setAnswer(ReportCodec.toProto(fact.answer()));
    }

    private static JobFact.Prepared prepared(io.solstice.proto.v1.JournalEntry.JobPrepared message) {
        if (ReportCodec.fromProto(message.getAnswer()) instanceof WorkerReport.Prepared answer) {
            return new JobFact.Prepared(answer);
        }
        throw ErrorCode.JOURNAL_DAMAGED
                .error("the journal has a preparation that is none")
                .cause("it is of kind " + message.getAnswer().getKindCase())
                .toException();
    }

    private static io.solstice.proto.v1.JournalEntry.JobPlaced.Builder placed(JobFact.Placed fact) {
        return io.solstice.proto.v1.JournalEntry.JobPlaced.newBuilder()
                .setGeneration(fact.generation())
                .addAllPlacement(PlacementCodec.chains(fact.placement()))
                .putAllEndpoints(PlacementCodec.endpoints(fact.placement()))
                .setSecret(fact.secret());
    }

    private static JobFact.Placed placed(io.solstice.proto.v1.JournalEntry.JobPlaced message) {
        return new JobFact.Placed(
                message.getGeneration(),
                PlacementCodec.fromProto(message.getPlacementList(), message.getEndpointsMap()),
                message.getSecret());
    }

    static JournalEntry fromProto(io.solstice.proto.v1.JournalEntry message) {
        long millis = message.getTimeMillis();
        return switch (message.getKindCase()) {
            case TERM_BEGUN ->
                new JournalEntry.TermBegun(
                        millis,
                        message.getTermBegun().getTerm(),
                        message.getTermBegun().getClusterId());
            case JOB_ACCEPTED ->
                new JournalEntry.JobAccepted(
                        millis,
                        PartCodec.fromProto(message.getJobAccepted().getRun()),
                        SpecCodec.fromProto(message.getJobAccepted().getSpec()));
            case JOB_MOVED ->
                new JournalEntry.JobMoved(
                        millis, PartCodec.fromProto(message.getJobMoved().getRun()), move(message.getJobMoved()));
            case JOB_RESTARTED ->
                new JournalEntry.JobRestarted(
                        millis,
                        PartCodec.fromProto(message.getJobRestarted().getRun()),
                        message.getJobRestarted().getGeneration());
            case JOB_PREPARED ->
                new JournalEntry.JobLearned(
                        millis,
                        PartCodec.fromProto(message.getJobPrepared().getRun()),
                        prepared(message.getJobPrepared()));
            case JOB_PLACED ->
                new JournalEntry.JobLearned(
                        millis, PartCodec.fromProto(message.getJobPlaced().getRun()), placed(message.getJobPlaced()));
            case JOB_OVER ->
                new JournalEntry.JobLearned(
                        millis, PartCodec.fromProto(message.getJobOver().getRun()), new JobFact.Over());
            case JOB_FORGOTTEN ->
                new JournalEntry.JobForgotten(
                        millis, PartCodec.fromProto(message.getJobForgotten().getRun()));
            case SUMMARY -> summary(millis, message.getSummary());
            case KIND_NOT_SET ->
                throw ErrorCode.JOURNAL_DAMAGED
                        .error("the journal has an entry of a kind that this release does not know")
                        .help("start the release that wrote it, or a newer one")
                        .toException();
        };
    }

    private static Move move(io.solstice.proto.v1.JournalEntry.JobMoved message) {
        @Nullable SolsticeError error = message.hasError() ? ErrorCodec.fromProto(message.getError()) : null;
        return new Move(PartCodec.fromProto(message.getState()), error);
    }

    private static JournalEntry.Summary summary(long millis, io.solstice.proto.v1.JournalEntry.Summary message) {
        List<KeptJob> jobs = message.getJobsList().stream()
                .map(job -> new KeptJob(
                        PartCodec.fromProto(job.getRun()),
                        SpecCodec.fromProto(job.getSpec()),
                        move(job.getLast()),
                        new Standing(
                                job.getGeneration(),
                                job.getRestarts(),
                                job.hasPrepared() ? prepared(job.getPrepared()) : null,
                                job.hasPlaced() ? placed(job.getPlaced()) : null,
                                job.getOver()),
                        job.getAcceptedMillis(),
                        job.getEndedMillis()))
                .toList();
        return new JournalEntry.Summary(
                millis, message.getTerm(), message.getLastGeneration(), message.getClusterId(), jobs);
    }
}
