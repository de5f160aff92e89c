package io.solstice.common.protocol;

import io.solstice.common.graph.Resources;
import io.solstice.common.id.RunId;
import io.solstice.common.id.WorkerId;
import java.util.List;

/**
 * How a worker introduces itself.
 *
 * @param endpoint where other workers reach it
 * @param offered what its tasks may use in all
 * @param version of its software; must be the master's
 * @param cluster the cluster that it wants to belong to
 * @param held runs of which it still holds tasks or output, from an earlier connection
 * @param draining a master has said before that it gets no more tasks
 */
public record WorkerRegistration(
        WorkerId worker,
        Endpoint endpoint,
        Resources offered,
        String version,
        String cluster,
        List<RunId> held,
        boolean draining) {
    /** Of a worker that takes tasks. */
    public WorkerRegistration(
            WorkerId worker, Endpoint endpoint, Resources offered, String version, String cluster, List<RunId> held) {
        this(worker, endpoint, offered, version, cluster, held, false);
    }

    public WorkerRegistration {
        held = List.copyOf(held);
    }
}
