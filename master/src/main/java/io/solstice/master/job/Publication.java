package io.solstice.master.job;

import io.solstice.common.id.RunId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.CommitPoint;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.WorkerCommand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Output that is to become visible, by the hand of one worker; by another's if that one is lost. */
final class Publication {
    private @Nullable CommitPoint point;
    private List<Committable> committables = List.of();
    private @Nullable WorkerId worker;

    void open(CommitPoint what, List<Committable> sealed) {
        point = what;
        committables = sealed;
        worker = null;
    }

    /** It is done, or no longer wanted. */
    void close() {
        point = null;
        committables = List.of();
        worker = null;
    }

    boolean isOpen() {
        return point != null;
    }

    /** Whether nothing comes after it. */
    boolean isLast() {
        return point != null && point.kind() == CommitPoint.Kind.LAST;
    }

    /** Whether a worker has to be found that publishes. */
    boolean wantsWorker() {
        return point != null && worker == null;
    }

    /** Lets a worker publish. */
    List<Order> order(WorkerId publisher, RunId run, JobSpec spec) {
        CommitPoint what = point;
        if (what == null) {
            return List.of();
        }
        worker = publisher;
        return List.of(new Order(publisher, new WorkerCommand.Commit(run, spec, what, committables)));
    }

    void lost(WorkerId gone) {
        if (gone.equals(worker)) {
            worker = null;
        }
    }

    /** Whether this worker was told to publish this, and its answer is awaited. */
    boolean isBy(WorkerId publisher, long epoch) {
        return point != null && publisher.equals(worker) && point.epoch() == epoch;
    }
}
