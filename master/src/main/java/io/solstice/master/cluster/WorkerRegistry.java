package io.solstice.master.cluster;

import io.solstice.common.id.WorkerId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The workers that are connected, by name and by connection. */
final class WorkerRegistry {
    private final TreeMap<WorkerId, WorkerEntry> byId = new TreeMap<>();
    private final Map<SessionId, WorkerEntry> bySession = new HashMap<>();

    void add(WorkerEntry worker) {
        byId.put(worker.registration().worker(), worker);
        bySession.put(worker.session(), worker);
    }

    void clear() {
        byId.clear();
        bySession.clear();
    }

    @Nullable
    WorkerEntry remove(SessionId session) {
        WorkerEntry gone = bySession.remove(session);
        if (gone != null) {
            byId.remove(gone.registration().worker(), gone);
        }
        return gone;
    }

    @Nullable
    WorkerEntry of(SessionId session) {
        return bySession.get(session);
    }

    @Nullable
    WorkerEntry of(WorkerId id) {
        return byId.get(id);
    }

    /** In order of their names. */
    Collection<WorkerEntry> all() {
        return List.copyOf(byId.values());
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }
}
