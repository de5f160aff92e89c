package io.solstice.worker.control;

import io.solstice.common.graph.Resources;
import io.solstice.common.id.RunId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.WorkerRegistration;
import java.util.List;

/**
 * Who a worker is.
 *
 * @param endpoint where other workers reach it
 * @param offered what its tasks may use in all
 * @param version of this software
 * @param cluster the cluster that it wants to belong to
 * @param master where its master is, for messages
 */
public record WorkerProfile(
        WorkerId worker, Endpoint endpoint, Resources offered, String version, String cluster, String master) {

    WorkerRegistration registration(List<RunId> held, boolean draining) {
        return new WorkerRegistration(worker, endpoint, offered, version, cluster, held, draining);
    }
}
