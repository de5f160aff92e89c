package io.solstice.master.cluster;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.RunId;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.master.job.Answer;
import io.solstice.master.job.StoreRequest;
import io.solstice.master.journal.JournalEntry;

/**
 * What a master does about it, in this order. Nothing that follows a {@link Write} may be done before it has been
 * written for good.
 */
public sealed interface MasterAction {
    record Write(JournalEntry entry) implements MasterAction {}

    /** To a worker; dropped if the session is gone. */
    record Send(SessionId session, MasterMessage message) implements MasterAction {}

    /** Ends a worker's connection and tells it why; it may come back. */
    record Close(SessionId session, SolsticeError why) implements MasterAction {}

    /** @param seenBefore the request had been made before, and this is the run that it made then */
    record Accept(long request, RunId run, boolean seenBefore) implements MasterAction {}

    record Reject(long request, SolsticeError why) implements MasterAction {}

    /**
     * Asks the store of a job's checkpoints; the answer comes back as {@link MasterEvent.Stored}.
     *
     * @param run as it was submitted
     */
    record Store(RunId run, JobSpec spec, StoreRequest request) implements MasterAction {}

    /** To the caller of {@link MasterEvent.Checkpoint}. */
    record Checkpointed(Answer answer) implements MasterAction {}

    /** To all callers of {@link MasterEvent.Checkpoint} that wait: none of them will get an answer. */
    record NotCheckpointed(SolsticeError why) implements MasterAction {}

    /** News of a run, for those who watch it. */
    record Publish(JobSnapshot snapshot) implements MasterAction {}

    /** A line for people. */
    record Say(Level level, String line) implements MasterAction {}

    /** How much a line matters. */
    enum Level {
        INFO,
        WARN
    }
}
