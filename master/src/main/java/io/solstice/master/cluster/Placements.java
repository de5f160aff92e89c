package io.solstice.master.cluster;

import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.Placement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Completes what the scheduler chose with where the workers listen. */
final class Placements {
    private Placements() {}

    static Placement of(Scheduler.Verdict.Fits fits, WorkerRegistry workers) {
        return of(fits, workers, Map.of());
    }

    /** @param known where workers listen that were chosen before; some may be gone by now */
    static Placement of(Scheduler.Verdict.Fits fits, WorkerRegistry workers, Map<WorkerId, Endpoint> known) {
        Map<WorkerId, Endpoint> endpoints = new HashMap<>();
        for (List<WorkerId> chosen : fits.workers().values()) {
            for (WorkerId id : chosen) {
                WorkerEntry worker = workers.of(id);
                Endpoint endpoint =
                        worker == null ? known.get(id) : worker.registration().endpoint();
                if (endpoint == null) {
                    throw new IllegalStateException("worker " + id + " was chosen but is not registered");
                }
                endpoints.put(id, endpoint);
            }
        }
        return new Placement(fits.workers(), endpoints, fits.gpus());
    }
}
