package io.solstice.cli;

import io.solstice.cli.ClusterCommand.Request;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.loop.Clock;
import io.solstice.common.wire.ErrorCodec;
import io.solstice.proto.v1.AdminServiceGrpc;
import io.solstice.proto.v1.DescribeJobRequest;
import io.solstice.proto.v1.GetJobRequest;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.JobDescription;
import io.solstice.proto.v1.JobLogLine;
import io.solstice.proto.v1.JobServiceGrpc;
import io.solstice.proto.v1.JobState;
import io.solstice.proto.v1.ListJobsRequest;
import io.solstice.proto.v1.ListJobsResponse;
import io.solstice.proto.v1.ReadJobLogRequest;
import io.solstice.proto.v1.StageStatus;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** {@code solstice job list|get|watermarks|stop|cancel|logs}. */
final class JobCommands {
    private static final Flag STATE =
            Flag.of("--state", "<state,...>", "Only jobs in these states, for example RUNNING,FAILED.");
    private static final Flag FOLLOW = new Flag(List.of("--follow", "-f"), "", "Go on until the job has ended.");
    static final String ID_NOTE = "<id> is the id of a job, or a beginning of it that only one job has.";

    private JobCommands() {}

    static List<Command> all() {
        return List.of(
                new ClusterCommand(
                        "job list",
                        "Lists running jobs and those that ended not long ago.",
                        "",
                        List.of(
                                "solstice job list",
                                "solstice job list --master head-node:7070 --state RUNNING -o json"),
                        ClusterAccess.with(STATE, Output.FLAG),
                        List.of(),
                        JobCommands::list),
                new ClusterCommand(
                        "job get",
                        "Shows a job with its stages and tasks.",
                        "<id>",
                        List.of("solstice job get my_job", "solstice job get my -o yaml"),
                        ClusterAccess.with(Output.FLAG),
                        List.of(ID_NOTE),
                        JobCommands::get),
                new ClusterCommand(
                        "job watermarks",
                        "Shows how far event time has come in a job, and what holds it back.",
                        "<id>",
                        List.of("solstice job watermarks my_job"),
                        ClusterAccess.with(Output.FLAG),
                        List.of(ID_NOTE),
                        JobCommands::watermarks),
                new JobWaitCommand(),
                new ClusterCommand(
                        "job cancel",
                        "Ends a job without publishing what it has not published yet.",
                        "<id>",
                        List.of("solstice job cancel my_job", "solstice job cancel my_job --yes"),
                        ClusterAccess.with(Confirmation.YES, Output.FLAG),
                        List.of(ID_NOTE, "Without --yes the job's id must be typed on a terminal."),
                        JobStop::cancel),
                JobStop.command(),
                new ClusterCommand(
                        "job logs",
                        "Shows what happened to a job, oldest first.",
                        "<id>",
                        List.of("solstice job logs my_job", "solstice job logs my_job --follow"),
                        ClusterAccess.with(FOLLOW),
                        List.of(ID_NOTE),
                        JobCommands::logs));
    }

    private static ExitCode list(Request request) {
        ListJobsRequest.Builder asked = ListJobsRequest.newBuilder();
        String states = request.arguments().text(STATE.name(), "");
        Stream.of(states.split(",")).filter(name -> !name.isBlank()).forEach(name -> asked.addStates(state(name)));
        ListJobsResponse answer =
                request.master().call(JobServiceGrpc::newBlockingStub, jobs -> jobs.listJobs(asked.build()));
        request.output()
                .show(
                        answer,
                        () -> table(answer.getJobsList()),
                        request.terminal().out());
        return ExitCode.OK;
    }

    private static JobState state(String name) {
        String wanted = name.strip().toUpperCase(Locale.ROOT);
        List<JobState> known = Stream.of(JobState.values())
                .filter(state -> state != JobState.UNRECOGNIZED && state != JobState.JOB_STATE_UNSPECIFIED)
                .toList();
        return known.stream()
                .filter(state -> state.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new UsageException(ErrorCode.OPTION_INVALID
                        .error("'" + name.strip() + "' is not a state of a job")
                        .where(STATE.name())
                        .help(NearestName.help(
                                wanted, known.stream().map(JobState::name).toList()))));
    }

    private static List<String> table(List<Job> jobs) {
        if (jobs.isEmpty()) {
            return List.of("no jobs");
        }
        Table table = new Table(
                "JOB",
                "RUN",
                "STATE",
                "TASKS",
                "SUBMITTED",
                "TIME",
                "CHECKPOINT",
                "RESTARTS",
                "BY",
                "WAITS FOR / FAILED WITH");
        for (Job job : jobs) {
            table.row(
                    job.getJobId(),
                    job.getGeneration(),
                    job.getState(),
                    job.getRunningTasks(),
                    Figures.time(job.getSubmittedMillis()),
                    Figures.span(uptimeMillis(job)),
                    CheckpointText.age(job.getCheckpoints()),
                    job.getRestarts(),
                    job.getSubmitter(),
                    remark(job));
        }
        return table.lines();
    }

    static long uptimeMillis(Job job) {
        long until = job.getEndedMillis() == 0 ? Clock.SYSTEM.wallMillis() : job.getEndedMillis();
        return until - job.getSubmittedMillis();
    }

    private static String remark(Job job) {
        return job.hasError() ? job.getError().getCode() + " " + job.getError().getWhat() : job.getWaitingFor();
    }

    private static ExitCode get(Request request) {
        DescribeJobRequest asked =
                DescribeJobRequest.newBuilder().setJobId(request.operand()).build();
        JobDescription answer =
                request.master().call(AdminServiceGrpc::newBlockingStub, admin -> admin.describeJob(asked));
        request.output().show(answer, () -> details(answer), request.terminal().out());
        return ExitCode.OK;
    }

    private static ExitCode watermarks(Request request) {
        GetJobRequest asked =
                GetJobRequest.newBuilder().setJobId(request.operand()).build();
        Job answer = request.master().call(JobServiceGrpc::newBlockingStub, jobs -> jobs.getJob(asked));
        request.output()
                .show(
                        answer,
                        () -> WatermarksText.of(answer),
                        request.terminal().out());
        return ExitCode.OK;
    }

    private static List<String> details(JobDescription description) {
        Job job = description.getJob();
        List<String> lines = new ArrayList<>();
        lines.add("job        " + job.getJobId() + ", run " + job.getGeneration());
        lines.add("state      " + job.getState() + " after " + Figures.span(uptimeMillis(job)));
        lines.add("submitted  " + Figures.time(job.getSubmittedMillis()) + " by " + job.getSubmitter());
        lines.add("memory     " + Figures.bytes(job.getMemoryBytes()) + " of batches");
        lines.addAll(CheckpointText.of(job));
        if (!job.getWaitingFor().isEmpty()) {
            lines.add("waits for  " + job.getWaitingFor());
        }
        lines.addAll(HotKeyText.of(job));
        lines.addAll(StateText.of(job));
        lines.add("");
        Table stages = new Table("STAGE", "OPERATOR", "TASKS", "ROWS IN", "ROWS OUT", "SKIPPED", "LATE", "SPLITS LEFT");
        for (StageStatus stage : job.getStagesList()) {
            stages.row(
                    stage.getStageId(),
                    stage.getOperatorType(),
                    stage.getWorkerCount(),
                    ProgressText.count(stage.getInputRecords()),
                    ProgressText.count(stage.getOutputRecords()),
                    ProgressText.count(stage.getSkippedRecords()),
                    ProgressText.count(stage.getLateRecords()),
                    stage.getSplits() == 0 ? "-" : stage.getPendingSplits() + " of " + stage.getSplits());
        }
        lines.addAll(stages.lines());
        if (description.getTasksCount() > 0) {
            lines.add("");
            Table tasks = new Table("TASK", "STATE", "WORKER", "STAGES");
            description
                    .getTasksList()
                    .forEach(task -> tasks.row(
                            task.getTask(),
                            task.getState(),
                            task.getWorkerId(),
                            String.join(" ", task.getStagesList())));
            lines.addAll(tasks.lines());
        }
        if (job.hasError()) {
            lines.add("");
            lines.addAll(ErrorCodec.fromProto(job.getError()).display().lines().toList());
        }
        return lines;
    }

    static boolean isTerminal(Job job) {
        return switch (job.getState()) {
            case FINISHED, FAILED, CANCELLED -> true;
            default -> false;
        };
    }

    private static ExitCode logs(Request request) {
        ReadJobLogRequest asked = ReadJobLogRequest.newBuilder()
                .setJobId(request.operand())
                .setFollow(request.arguments().has(FOLLOW))
                .build();
        Iterator<JobLogLine> lines =
                request.master().stream(JobServiceGrpc::newBlockingStub, jobs -> jobs.readJobLog(asked));
        while (lines.hasNext()) {
            JobLogLine line = lines.next();
            request.terminal()
                    .out()
                    .println(Figures.time(line.getTimeMillis()) + " " + line.getLevel() + " " + line.getText());
        }
        return ExitCode.OK;
    }
}
