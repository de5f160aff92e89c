package io.solstice.cli;

import io.solstice.api.EngineProvider;
import io.solstice.api.StateBackend;
import io.solstice.api.cluster.ClusterCheckpoints;
import io.solstice.cli.ClusterCommand.Request;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.id.JobId;
import io.solstice.proto.v1.CheckpointDescription;
import io.solstice.proto.v1.CheckpointServiceGrpc;
import io.solstice.proto.v1.CheckpointSummary;
import io.solstice.proto.v1.DeleteCheckpointsRequest;
import io.solstice.proto.v1.DeleteCheckpointsResponse;
import io.solstice.proto.v1.GetCheckpointRequest;
import io.solstice.proto.v1.ListCheckpointsRequest;
import io.solstice.proto.v1.ListCheckpointsResponse;
import io.solstice.proto.v1.TakeCheckpointResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code solstice checkpoint list|show|delete|trigger}. */
final class CheckpointCommands {
    private static final Flag KEEP_LAST =
            Flag.of("--keep-last", "<n>", "Instead of ids: delete all but the newest so many.");
    static final Flag STATE_BACKEND = Flag.of("--state-backend", "<type>", "local (default), s3 or dfs.");
    static final Flag STATE_PATH =
            Flag.of("--state-path", "<path>", "Directory (local), bucket (s3) or URI (dfs) of the checkpoints.");
    static final Flag STATE_PREFIX = Flag.of("--state-prefix", "<prefix>", "Key prefix (s3). Default: checkpoints.");
    private static final String JOB_NOTE = "<job> is the id of a job, or a beginning of it that only one job has.";
    private static final String ID_NOTE =
            "<checkpoint> is an id, or a beginning of it that only one checkpoint of the job has.";

    private CheckpointCommands() {}

    static List<Command> all() {
        return List.of(
                new ClusterCommand(
                        "checkpoint list",
                        "Lists the checkpoints that a job can begin with.",
                        "<job>",
                        List.of(
                                "solstice checkpoint list my_job",
                                "solstice checkpoint list my_job --state-path /data/checkpoints"),
                        ClusterAccess.with(STATE_BACKEND, STATE_PATH, STATE_PREFIX, Output.FLAG),
                        List.of(
                                JOB_NOTE,
                                "With --state-path or --state-backend no master is asked: the ids are read from the state",
                                "backend, also those of a job that every master has forgotten, whose id must be given whole."),
                        CheckpointCommands::list),
                new ClusterCommand(
                        "checkpoint show",
                        "Shows what a checkpoint consists of.",
                        "<job> <checkpoint>",
                        List.of("solstice checkpoint show my_job latest"),
                        ClusterAccess.with(Output.FLAG),
                        List.of(JOB_NOTE, ID_NOTE, "It may be latest."),
                        CheckpointCommands::show),
                new ClusterCommand(
                        "checkpoint trigger",
                        "Takes a checkpoint of a job now and shows its id.",
                        "<job>",
                        List.of("solstice checkpoint trigger my_job"),
                        ClusterAccess.with(Output.FLAG),
                        List.of(JOB_NOTE, "Returns when the output of the checkpoint has been published."),
                        CheckpointCommands::trigger),
                new ClusterCommand(
                        "checkpoint delete",
                        "Deletes checkpoints of a job, and what only they need.",
                        "<job> [<checkpoint>...]",
                        List.of(
                                "solstice checkpoint delete my_job checkpoint_1700000000_0123abcd --yes",
                                "solstice checkpoint delete my_job --keep-last 2 --yes"),
                        ClusterAccess.with(KEEP_LAST, Confirmation.YES, Output.FLAG),
                        List.of(
                                JOB_NOTE,
                                ID_NOTE,
                                "What a running job may begin again from is never deleted. Without --yes the job's id must be",
                                "typed on a terminal."),
                        CheckpointCommands::delete));
    }

    private static ListCheckpointsResponse stored(Request request) {
        ListCheckpointsRequest asked =
                ListCheckpointsRequest.newBuilder().setJobId(request.operand()).build();
        return request.master().call(CheckpointServiceGrpc::newBlockingStub, service -> service.listCheckpoints(asked));
    }

    private static ExitCode list(Request request) {
        Arguments given = request.arguments();
        if (given.has(STATE_PATH) || given.has(STATE_BACKEND)) {
            return listStored(request, RunSettings.stateBackend(JobArguments.flags(given), Map.of()));
        }
        ListCheckpointsResponse answer = stored(request);
        request.output()
                .show(
                        answer,
                        () -> table(answer.getCheckpointsList()),
                        request.terminal().out());
        return ExitCode.OK;
    }

    /** No more than the ids is known without a master. */
    private static ExitCode listStored(Request request, StateBackend backend) {
        List<String> ids = EngineProvider.onClassPath().listCheckpoints(backend, new JobId(request.operand()).value());
        ListCheckpointsResponse.Builder answer =
                ListCheckpointsResponse.newBuilder().setJobId(request.operand());
        Table table = new Table("CHECKPOINT");
        for (int i = ids.size() - 1; i >= 0; i--) {
            answer.addCheckpointsBuilder().setCheckpointId(ids.get(i));
            table.row(ids.get(i));
        }
        request.output()
                .show(
                        answer.build(),
                        () -> ids.isEmpty() ? List.of("no checkpoints") : table.lines(),
                        request.terminal().out());
        return ExitCode.OK;
    }

    private static List<String> table(List<CheckpointSummary> checkpoints) {
        if (checkpoints.isEmpty()) {
            return List.of("no checkpoints");
        }
        Table table = new Table("CHECKPOINT", "EPOCH", "RUN", "BEGUN", "AGE", "STATE", "OUTPUT", "");
        checkpoints.forEach(checkpoint -> table.row(
                checkpoint.getCheckpointId(),
                checkpoint.getEpoch(),
                checkpoint.getGeneration(),
                Figures.time(checkpoint.getTimeMillis()),
                CheckpointText.ago(checkpoint.getTimeMillis()),
                Figures.bytes(checkpoint.getBytes()),
                output(checkpoint),
                checkpoint.getLast() ? "last" : ""));
        return table.lines();
    }

    private static String output(CheckpointSummary checkpoint) {
        return checkpoint.getPublished() ? "published" : "to be published";
    }

    private static ExitCode show(Request request) {
        GetCheckpointRequest asked = GetCheckpointRequest.newBuilder()
                .setJobId(request.operand())
                .setCheckpointId(request.arguments().operands().get(1))
                .build();
        CheckpointDescription answer =
                request.master().call(CheckpointServiceGrpc::newBlockingStub, service -> service.getCheckpoint(asked));
        request.output().show(answer, () -> details(answer), request.terminal().out());
        return ExitCode.OK;
    }

    private static List<String> details(CheckpointDescription description) {
        CheckpointSummary summary = description.getSummary();
        List<String> lines = new ArrayList<>();
        lines.add("checkpoint  " + summary.getCheckpointId() + ", epoch " + summary.getEpoch()
                + (summary.getLast() ? ", the last of its run" : ""));
        lines.add("job         " + description.getJobId() + ", run " + summary.getGeneration() + ", master of term "
                + description.getTerm());
        lines.add("begun       " + Figures.time(summary.getTimeMillis()) + ", "
                + CheckpointText.ago(summary.getTimeMillis()));
        lines.add("output      " + output(summary));
        lines.add("");
        Table stages = new Table("STAGE", "OPERATOR", "TASKS", "AT THEIR END", "SPLITS LEFT", "OUTPUTS");
        description
                .getStagesList()
                .forEach(stage -> stages.row(
                        stage.getStageId(),
                        stage.getOperatorType(),
                        stage.getParallelism(),
                        stage.getFinishedTasks(),
                        stage.getSplits() == 0 ? "-" : stage.getPendingSplits() + " of " + stage.getSplits(),
                        stage.getOutputs()));
        lines.addAll(stages.lines());
        if (description.getStatesCount() > 0) {
            lines.add("");
            Table states = new Table("STATE OF", "TASK", "SIZE", "OBJECT");
            description
                    .getStatesList()
                    .forEach(state -> states.row(
                            state.getStageId(), state.getTaskIndex(), Figures.bytes(state.getBytes()), state.getKey()));
            lines.addAll(states.lines());
        }
        return lines;
    }

    private static ExitCode trigger(Request request) {
        TakeCheckpointResponse answer = ClusterCheckpoints.take(request.master(), request.operand());
        request.output()
                .show(
                        answer,
                        () -> List.of(answer.getCheckpointId()),
                        request.terminal().out());
        return ExitCode.OK;
    }

    private static ExitCode delete(Request request) {
        Arguments given = request.arguments();
        Long keepLast = given.wholeNumber(KEEP_LAST.name());
        List<String> ids = given.operands().subList(1, given.operands().size());
        if (ids.isEmpty() == (keepLast == null) || keepLast != null && (keepLast < 0 || keepLast > Integer.MAX_VALUE)) {
            throw new UsageException(ErrorCode.OPTION_INVALID
                    .error("it is not clear which checkpoints are to be deleted")
                    .help("give either ids or --keep-last <n>, with 0 or more"));
        }
        ListCheckpointsResponse stored = stored(request);
        String which = keepLast == null ? String.join(", ", ids) : "all but the newest " + keepLast;
        String loses = "Deleting checkpoints of job '" + stored.getJobId() + "' (" + which + " of "
                + stored.getCheckpointsCount()
                + "): the job can no longer begin with them, and output of theirs that is"
                + " not published yet is lost.";
        Confirmation.of(loses, stored.getJobId(), given, request.terminal());
        DeleteCheckpointsRequest.Builder asked = DeleteCheckpointsRequest.newBuilder()
                .setJobId(stored.getJobId())
                .addAllCheckpointIds(ids);
        if (keepLast != null) {
            asked.setKeepLast(keepLast.intValue());
        }
        DeleteCheckpointsResponse answer = request.master()
                .call(CheckpointServiceGrpc::newBlockingStub, service -> service.deleteCheckpoints(asked.build()));
        List<String> lines =
                answer.getCheckpointIdsCount() == 0 ? List.of("nothing to delete") : answer.getCheckpointIdsList();
        request.output().show(answer, () -> lines, request.terminal().out());
        return ExitCode.OK;
    }
}
