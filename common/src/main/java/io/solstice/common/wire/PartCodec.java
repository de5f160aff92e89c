package io.solstice.common.wire;

import io.solstice.common.graph.Parallelism;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.FrequentKey;
import io.solstice.common.protocol.GroupTime;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.StateUse;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.common.protocol.TaskTime;
import java.util.List;

/** The small parts that several messages are made of. */
public final class PartCodec {
    private PartCodec() {}

    public static io.solstice.proto.v1.Run toProto(RunId run) {
        return io.solstice.proto.v1.Run.newBuilder()
                .setJobId(run.job().value())
                .setGeneration(run.generation())
                .build();
    }

    public static RunId fromProto(io.solstice.proto.v1.Run run) {
        return new RunId(new JobId(run.getJobId()), Wire.atLeast(0, run.getGeneration(), "Run", "generation"));
    }

    static List<RunId> runs(List<io.solstice.proto.v1.Run> runs) {
        return runs.stream().map(PartCodec::fromProto).toList();
    }

    public static io.solstice.proto.v1.Endpoint toProto(Endpoint endpoint) {
        return io.solstice.proto.v1.Endpoint.newBuilder()
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .build();
    }

    public static Endpoint fromProto(io.solstice.proto.v1.Endpoint endpoint) {
        return new Endpoint(
                Wire.text(endpoint.getHost(), Wire.MAX_LABEL, "Endpoint", "host"),
                Wire.within(0, 65_535, endpoint.getPort(), "Endpoint", "port"));
    }

    static io.solstice.proto.v1.Task toProto(TaskId task) {
        return io.solstice.proto.v1.Task.newBuilder()
                .setStageId(task.stage().value())
                .setIndex(task.index())
                .build();
    }

    /** A task belongs to the job of the run that the message is about. */
    static List<TaskId> tasks(RunId run, List<io.solstice.proto.v1.Task> tasks) {
        return tasks.stream().map(task -> fromProto(run, task)).toList();
    }

    static TaskId fromProto(RunId run, io.solstice.proto.v1.Task task) {
        return new TaskId(run.job(), new StageId(task.getStageId()), index(task.getIndex(), "Task"));
    }

    private static int index(int index, String message) {
        return Wire.within(0, Parallelism.LIMIT - 1, index, message, "index");
    }

    static io.solstice.proto.v1.Split toProto(Split split) {
        var sent = io.solstice.proto.v1.Split.newBuilder()
                .setId(split.id())
                .setPayload(split.payload())
                .setRows(split.rows());
        if (split.task() != Split.ANY_TASK) {
            sent.setTask(split.task());
        }
        return sent.build();
    }

    static List<Split> splits(List<io.solstice.proto.v1.Split> splits) {
        return splits.stream().map(PartCodec::fromProto).toList();
    }

    static Split fromProto(io.solstice.proto.v1.Split split) {
        return new Split(
                split.getId(),
                split.getPayload(),
                Wire.atLeast(-1, split.getRows(), "Split", "rows"),
                split.hasTask() ? index(split.getTask(), "Split") : Split.ANY_TASK);
    }

    public static io.solstice.proto.v1.Committable toProto(Committable committable) {
        return io.solstice.proto.v1.Committable.newBuilder()
                .setStageId(committable.stage().value())
                .setTaskIndex(committable.taskIndex())
                .setPayload(committable.payload())
                .build();
    }

    public static List<Committable> committables(List<io.solstice.proto.v1.Committable> committables) {
        return committables.stream()
                .map(one -> new Committable(
                        new StageId(one.getStageId()), index(one.getTaskIndex(), "Committable"), one.getPayload()))
                .toList();
    }

    static io.solstice.proto.v1.TaskMetrics toProto(TaskMetrics metrics) {
        io.solstice.proto.v1.TaskMetrics.Builder sent = io.solstice.proto.v1.TaskMetrics.newBuilder()
                .setRun(toProto(metrics.run()))
                .setStageId(metrics.stage().value())
                .setIndex(metrics.index())
                .setInputRecords(metrics.inputRecords())
                .setOutputRecords(metrics.outputRecords())
                .setSkippedRecords(metrics.skippedRecords())
                .setLateRecords(metrics.lateRecords())
                .setWaitingBytes(metrics.waitingBytes())
                .setTime(toProto(metrics.time()))
                .addAllFrequentKeys(
                        metrics.frequentKeys().stream().map(PartCodec::toProto).toList());
        StateUse state = metrics.state();
        if (state != null) {
            sent.setState(toProto(state));
        }
        return sent.build();
    }

    public static io.solstice.proto.v1.StateUse toProto(StateUse state) {
        return io.solstice.proto.v1.StateUse.newBuilder()
                .setBackend(state.store())
                .setReason(state.reason())
                .setTasks(state.tasks())
                .setMemoryBytes(state.memoryBytes())
                .build();
    }

    public static StateUse fromProto(io.solstice.proto.v1.StateUse state) {
        return new StateUse(
                state.getBackend(),
                state.getReason(),
                (int) Wire.atLeast(0, state.getTasks(), "StateUse", "tasks"),
                Wire.atLeast(0, state.getMemoryBytes(), "StateUse", "memory_bytes"));
    }

    private static io.solstice.proto.v1.FrequentKey toProto(FrequentKey key) {
        return io.solstice.proto.v1.FrequentKey.newBuilder()
                .setToStageId(key.to().value())
                .setKey(key.key())
                .setRows(key.rows())
                .setOf(key.of())
                .build();
    }

    private static FrequentKey fromProto(io.solstice.proto.v1.FrequentKey key) {
        return new FrequentKey(
                new StageId(key.getToStageId()),
                key.getKey(),
                Wire.atLeast(0, key.getRows(), "FrequentKey", "rows"),
                Wire.atLeast(0, key.getOf(), "FrequentKey", "of"));
    }

    public static io.solstice.proto.v1.TaskTime toProto(TaskTime time) {
        io.solstice.proto.v1.TaskTime.Builder sent =
                io.solstice.proto.v1.TaskTime.newBuilder().setIdle(time.idle()).setHolder(time.holder());
        if (time.watermark() != SplitStart.NO_TIME) {
            sent.setWatermark(time.watermark());
        }
        sent.setGroup(time.group());
        if (time.reached() != SplitStart.NO_TIME) {
            sent.setReached(time.reached());
        }
        return sent.build();
    }

    public static TaskTime fromProto(io.solstice.proto.v1.TaskTime time) {
        return new TaskTime(
                time.hasWatermark() ? time.getWatermark() : SplitStart.NO_TIME,
                time.getIdle(),
                time.getHolder(),
                time.getGroup(),
                time.hasReached() ? time.getReached() : SplitStart.NO_TIME);
    }

    static io.solstice.proto.v1.GroupTime toProto(GroupTime time) {
        io.solstice.proto.v1.GroupTime.Builder sent = io.solstice.proto.v1.GroupTime.newBuilder()
                .setRun(toProto(time.run()))
                .setGroup(time.group())
                .setTasks(time.tasks());
        if (time.least() != SplitStart.NO_TIME) {
            sent.setLeast(time.least());
        }
        return sent.build();
    }

    static GroupTime fromProto(io.solstice.proto.v1.GroupTime time) {
        return new GroupTime(
                fromProto(time.getRun()),
                time.getGroup(),
                (int) Wire.atLeast(0, time.getTasks(), "GroupTime", "tasks"),
                time.hasLeast() ? time.getLeast() : SplitStart.NO_TIME);
    }

    static TaskMetrics fromProto(io.solstice.proto.v1.TaskMetrics metrics) {
        return new TaskMetrics(
                fromProto(metrics.getRun()),
                new StageId(metrics.getStageId()),
                index(metrics.getIndex(), "TaskMetrics"),
                Wire.atLeast(0, metrics.getInputRecords(), "TaskMetrics", "input_records"),
                Wire.atLeast(0, metrics.getOutputRecords(), "TaskMetrics", "output_records"),
                Wire.atLeast(0, metrics.getSkippedRecords(), "TaskMetrics", "skipped_records"),
                Wire.atLeast(0, metrics.getLateRecords(), "TaskMetrics", "late_records"),
                Wire.atLeast(0, metrics.getWaitingBytes(), "TaskMetrics", "waiting_bytes"),
                fromProto(metrics.getTime()),
                metrics.getFrequentKeysList().stream().map(PartCodec::fromProto).toList(),
                metrics.hasState() ? fromProto(metrics.getState()) : null);
    }

    public static io.solstice.proto.v1.JobState toProto(JobState state) {
        return io.solstice.proto.v1.JobState.valueOf(state.name());
    }

    public static JobState fromProto(io.solstice.proto.v1.JobState state) {
        return Wire.word(JobState.class, state, "Job", "state");
    }
}
