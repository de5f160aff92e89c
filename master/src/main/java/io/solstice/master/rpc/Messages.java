package io.solstice.master.rpc;

import io.solstice.common.graph.Chain;
import io.solstice.common.graph.StageNode;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.CheckpointFacts;
import io.solstice.common.protocol.FrequentKey;
import io.solstice.common.protocol.JobSnapshot.SplitProgress;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.StateUse;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.common.wire.ErrorCodec;
import io.solstice.common.wire.GraphCodec;
import io.solstice.common.wire.PartCodec;
import io.solstice.master.cluster.JobView;
import io.solstice.master.cluster.WorkerView;
import io.solstice.proto.v1.CheckpointStatus;
import io.solstice.proto.v1.EventTime;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.JobDescription;
import io.solstice.proto.v1.StageStatus;
import io.solstice.proto.v1.TaskStatus;
import io.solstice.proto.v1.Worker;
import io.solstice.proto.v1.WorkerDescription;
import java.util.ArrayList;
import java.util.List;

/** What the master knows, as messages. */
final class Messages {
    private Messages() {}

    static Job job(JobView view) {
        Job.Builder job = Job.newBuilder()
                .setJobId(view.snapshot().run().job().value())
                .setGeneration(view.snapshot().run().generation())
                .setState(PartCodec.toProto(view.snapshot().state()))
                .setWaitingFor(view.snapshot().waitingFor())
                .setSubmitter(view.spec().submitter())
                .setSubmittedMillis(view.submittedMillis())
                .setEndedMillis(view.endedMillis())
                .setRunningTasks(view.snapshot().runningTasks());
        job.setCheckpoints(checkpoints(view.snapshot().checkpoints()))
                .setRestarts(view.snapshot().restarts());
        if (view.snapshot().restartCause() != null) {
            job.setRestartCause(ErrorCodec.toProto(view.snapshot().restartCause()));
        }
        if (view.snapshot().error() != null) {
            job.setError(ErrorCodec.toProto(view.snapshot().error()));
        }
        view.spec().graph().stages().forEach(stage -> job.addStages(stage(view, stage)));
        return job.build();
    }

    private static CheckpointStatus checkpoints(CheckpointFacts facts) {
        CheckpointStatus.Builder status = CheckpointStatus.newBuilder()
                .setCompleted(facts.completed())
                .setFailed(facts.failed())
                .setInProgress(facts.inProgress())
                .setRecordsSince(facts.recordsSince());
        CheckpointFacts.Completed newest = facts.newest();
        if (newest != null) {
            status.getNewestBuilder()
                    .setCheckpointId(newest.id().value())
                    .setEpoch(newest.epoch())
                    .setTimeMillis(newest.millis())
                    .setDurationMillis(newest.durationMillis())
                    .setBytes(newest.bytes());
        }
        return status.build();
    }

    private static StageStatus stage(JobView view, StageNode stage) {
        long input = 0;
        long output = 0;
        long skipped = 0;
        long late = 0;
        long waiting = 0;
        List<EventTime> times = new ArrayList<>();
        for (TaskMetrics metrics : view.metrics()) {
            if (metrics.stage().equals(stage.id())) {
                input += metrics.inputRecords();
                output += metrics.outputRecords();
                skipped += metrics.skippedRecords();
                late += metrics.lateRecords();
                waiting += metrics.waitingBytes();
                times.add(EventTime.newBuilder()
                        .setTask(metrics.index())
                        .setTime(PartCodec.toProto(metrics.time()))
                        .build());
            }
        }
        SplitProgress splits = view.snapshot().splits().getOrDefault(stage.id(), new SplitProgress(0, 0));
        StageStatus.Builder status = StageStatus.newBuilder();
        FrequentKey.hot(stage.id(), stage.parallelism().initial(), view.metrics())
                .ifPresent(hot -> status.getHotKeyBuilder().setKey(hot.key()).setShare(hot.share()));
        return status.setStageId(stage.id().value())
                .setOperatorType(stage.operatorType())
                .setWorkerCount(stage.parallelism().initial())
                .setInputRecords(input)
                .setOutputRecords(output)
                .setSkippedRecords(skipped)
                .setLateRecords(late)
                .setSplits(splits.total())
                .setPendingSplits(splits.total() - splits.done())
                .setOutputBufferSize(waiting)
                .setBackpressureActive(waiting > 0)
                .addAllEventTimes(times)
                .addAllState(StateUse.sum(stage.id(), view.metrics()).stream()
                        .map(PartCodec::toProto)
                        .toList())
                .build();
    }

    static JobDescription description(JobView view) {
        return JobDescription.newBuilder()
                .setJob(job(view))
                .setGraph(GraphCodec.toProto(view.spec().graph()))
                .addAllTasks(tasks(view))
                .build();
    }

    /** Of a job that has been placed. */
    private static List<TaskStatus> tasks(JobView view) {
        Placement placement = view.placement();
        List<TaskStatus> tasks = new ArrayList<>();
        if (placement == null) {
            return tasks;
        }
        for (Chain chain : view.plan().chains()) {
            for (int i = 0; i < chain.parallelism().initial(); i++) {
                TaskId task = new TaskId(view.snapshot().run().job(), chain.head(), i);
                tasks.add(TaskStatus.newBuilder()
                        .setTask(task.toString())
                        .addAllStages(
                                chain.stages().stream().map(StageId::value).toList())
                        .setWorkerId(placement.workerOf(task).value())
                        .setState(state(view, task))
                        .build());
            }
        }
        return tasks;
    }

    private static String state(JobView view, TaskId task) {
        if (!view.aliveTasks().contains(task)) {
            return "ENDED";
        }
        return view.snapshot().state() == JobState.DEPLOYING ? "DEPLOYING" : "RUNNING";
    }

    static Worker worker(WorkerView view) {
        return Worker.newBuilder()
                .setWorkerId(view.registration().worker().value())
                .setEndpoint(PartCodec.toProto(view.registration().endpoint()))
                .setState(Worker.State.valueOf(view.state().name()))
                .setOffered(GraphCodec.toProto(view.registration().offered()))
                .setFree(GraphCodec.toProto(view.free()))
                .setVersion(view.registration().version())
                .setTasks(view.tasks())
                .setMemoryBytes(view.memoryBytes())
                .setRegisteredMillis(view.registeredMillis())
                .setSilentMillis(view.silentMillis())
                .build();
    }

    static WorkerDescription description(WorkerView view, List<JobView> jobs) {
        WorkerDescription.Builder worker = WorkerDescription.newBuilder().setWorker(worker(view));
        WorkerId id = view.registration().worker();
        for (JobView job : jobs) {
            tasks(job).stream()
                    .filter(task -> task.getWorkerId().equals(id.value()))
                    .filter(task -> !task.getState().equals("ENDED"))
                    .forEach(worker::addTasks);
        }
        return worker.build();
    }
}
