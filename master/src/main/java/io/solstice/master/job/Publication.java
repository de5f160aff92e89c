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
    private final CommitPoint point;
    private final List<Committable> committables;
    private @Nullable WorkerId worker;

    Publication(CommitPoint point, List<Committable> committables) {
        this.point = point;
        this.committables = committables;
    }

    CommitPoint.Kind kind() {
        return point.kind();
    }

    boolean wantsWorker() {
        return worker == null;
    }

    List<Order> order(WorkerId publisher, RunId run, JobSpec spec) {
        worker = publisher;
        return List.of(new Order(publisher, new WorkerCommand.Commit(run, spec, point, committables)));
    }

    void lost(WorkerId gone) {
        if (gone.equals(worker)) {
            worker = null;
        }
    }

    /** Whether this worker was told to publish this. */
    boolean isBy(WorkerId publisher, long epoch) {
        return publisher.equals(worker) && point.epoch() == epoch;
    }
}
