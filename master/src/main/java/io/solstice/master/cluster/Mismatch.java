package io.solstice.master.cluster;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.protocol.WorkerRegistration;
import org.jspecify.annotations.Nullable;

/** Why a worker cannot belong to a cluster. */
final class Mismatch {
    private Mismatch() {}

    /** What no second attempt would change, or null. */
    static @Nullable SolsticeError of(WorkerRegistration worker, ClusterSettings settings) {
        if (!worker.cluster().equals(settings.cluster())) {
            return ErrorCode.CLUSTER_MISMATCH
                    .error("the worker belongs to cluster '" + worker.cluster() + "', the master to '"
                            + settings.cluster() + "'")
                    .where("cluster_id of worker " + worker.worker())
                    .help("give both the same cluster_id, or the worker the address of its own master");
        }
        if (!worker.version().equals(settings.version())) {
            return ErrorCode.CLUSTER_MISMATCH
                    .error("the worker is Solstice " + worker.version() + ", the master " + settings.version())
                    .where("worker " + worker.worker())
                    .help("start the worker from the same release as the master");
        }
        return null;
    }

    /** Another worker has the name; it may go, so trying again makes sense. */
    static SolsticeError taken(WorkerRegistration worker, WorkerRegistration holder) {
        return ErrorCode.WORKER_EXISTS
                .error("a worker '" + worker.worker() + "' is registered already, from " + holder.endpoint())
                .where("worker_id of the worker at " + worker.endpoint())
                .help("give each worker an id of its own, or none, so that one is made");
    }
}
