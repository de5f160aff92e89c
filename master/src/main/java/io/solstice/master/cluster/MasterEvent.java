package io.solstice.master.cluster;

import io.solstice.common.id.RunId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.master.job.StoreAnswer;

/** What can happen to a master. */
public sealed interface MasterEvent {
    /** @param request names the caller, who gets a {@link MasterAction.Accept} or {@link MasterAction.Reject} */
    record Submit(long request, JobSpec spec) implements MasterEvent {}

    record Cancel(RunId run) implements MasterEvent {}

    /** A worker sent something. */
    record Received(SessionId session, WorkerMessage message) implements MasterEvent {}

    /** A connection is gone. */
    record Disconnected(SessionId session, String why) implements MasterEvent {}

    /** Place no more tasks on the worker. */
    record Drain(WorkerId worker) implements MasterEvent {}

    /**
     * Take a checkpoint now. The caller gets a {@link MasterAction.Checkpointed} when its output has been published.
     *
     * @param run as it was submitted
     * @param last the job is to end with it
     */
    record Checkpoint(long request, RunId run, boolean last) implements MasterEvent {}

    /** The store of a job's checkpoints has answered. @param run as it was submitted */
    record Stored(RunId run, StoreAnswer answer) implements MasterEvent {}

    /** Time has passed. */
    record Tick() implements MasterEvent {}
}
