package io.solstice.master.checkpoint;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.store.ObjectStore;
import io.solstice.master.job.Manifest;
import io.solstice.master.job.StoreAnswer;
import java.util.UUID;

/** The checkpoint of a job that has not begun, for those who ask for one before they run it. */
public final class IdleCheckpoint {
    private IdleCheckpoint() {}

    /** Makes it the newest of its job. Whoever begins with it reads everything. */
    public static CheckpointId take(ObjectStore store, JobGraph graph, long wallMillis) {
        UUID writer = UUID.randomUUID();
        CheckpointLog log = new CheckpointLog(store, graph.job(), writer.toString(), writer.toString());
        long newest = log.newest(0);
        long epoch = newest == 0 ? 1 : log.entry(newest).epoch() + 1;
        Manifest untouched =
                Manifest.untouched(CheckpointId.of(wallMillis, writer.hashCode()), graph, epoch, wallMillis);
        StoreAnswer answer = log.publish(0, untouched);
        if (answer instanceof StoreAnswer.Published published) {
            log.mark(published.number(), untouched);
            return untouched.id();
        }
        throw why(answer, graph).toException();
    }

    private static SolsticeError why(StoreAnswer answer, JobGraph graph) {
        if (answer instanceof StoreAnswer.NotPublished not) {
            return not.error();
        } else if (answer instanceof StoreAnswer.Undecided undecided) {
            return undecided.error();
        }
        return ErrorCode.CHECKPOINT_FENCED
                .error("another run of the job makes checkpoints at the same time")
                .where("job '" + graph.job() + "'")
                .help("let one run of a job id at a time, or give each a state_backend of its own");
    }
}
