package io.solstice.cli;

import io.solstice.api.cluster.ClusterCheckpoints;
import io.solstice.cli.ClusterCommand.Request;
import io.solstice.proto.v1.CancelJobRequest;
import io.solstice.proto.v1.GetJobRequest;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.JobServiceGrpc;
import io.solstice.proto.v1.StageStatus;
import io.solstice.proto.v1.StopJobResponse;
import java.util.List;

/** The ends that a person can give a job: {@code solstice job stop} and {@code solstice job cancel}. */
final class JobStop {
    private static final Flag SAVEPOINT =
            Flag.of("--savepoint", "", "Take a last checkpoint and publish its output, so that nothing is lost.");

    private JobStop() {}

    static Command command() {
        return new ClusterCommand(
                "job stop",
                "Ends a job; with --savepoint so that it can go on later as if it had never been stopped.",
                "<id>",
                List.of("solstice job stop my_job --savepoint", "solstice job stop my_job --yes"),
                ClusterAccess.with(SAVEPOINT, Confirmation.YES, Output.FLAG),
                List.of(
                        JobCommands.ID_NOTE,
                        "With --savepoint the last checkpoint's id is shown, for run or submit --restore-from. Without it, the",
                        "job is cancelled: without --yes its id must be typed on a terminal."),
                JobStop::stop);
    }

    private static ExitCode stop(Request request) {
        if (!request.arguments().has(SAVEPOINT)) {
            return cancel(request);
        }
        StopJobResponse answer = ClusterCheckpoints.stop(request.master(), request.operand());
        Job job = answer.getJob();
        request.output()
                .show(
                        answer,
                        () -> List.of(answer.getCheckpointId()),
                        request.terminal().out());
        request.terminal()
                .err()
                .println("job '" + job.getJobId() + "' has ended; it goes on from there with: --job-id "
                        + job.getJobId() + " --restore-from " + answer.getCheckpointId());
        return ExitCode.OK;
    }

    private static Job find(Request request) {
        GetJobRequest asked =
                GetJobRequest.newBuilder().setJobId(request.operand()).build();
        return request.master().call(JobServiceGrpc::newBlockingStub, jobs -> jobs.getJob(asked));
    }

    static ExitCode cancel(Request request) {
        Job job = find(request);
        Terminal terminal = request.terminal();
        if (JobCommands.isTerminal(job)) {
            terminal.err().println("job '" + job.getJobId() + "' has ended already: " + job.getState());
            request.output().show(job, List::of, terminal.out());
            return ExitCode.OK;
        }
        long rows = job.getStagesList().stream()
                .mapToLong(StageStatus::getInputRecords)
                .max()
                .orElse(0);
        String loses = "Cancelling job '" + job.getJobId() + "' (" + job.getState() + " for "
                + Figures.span(JobCommands.uptimeMillis(job))
                + "): nothing that it has not published will be, and the work on "
                + ProgressText.count(rows) + " rows is lost.";
        Confirmation.of(loses, job.getJobId(), request.arguments(), terminal);
        CancelJobRequest cancel = CancelJobRequest.newBuilder()
                .setJobId(job.getJobId())
                .setGeneration(job.getGeneration())
                .build();
        Job answer = request.master().call(JobServiceGrpc::newBlockingStub, jobs -> jobs.cancelJob(cancel));
        request.output().show(answer, () -> List.of(answer.getJobId() + " " + answer.getState()), terminal.out());
        return ExitCode.OK;
    }
}
