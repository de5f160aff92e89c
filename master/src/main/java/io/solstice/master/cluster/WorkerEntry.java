package io.solstice.master.cluster;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerRegistration;
import io.solstice.master.job.Moment;

/** A registered worker, as long as its connection lasts. */
final class WorkerEntry {
    private final SessionId session;
    private final WorkerRegistration registration;
    private final long registeredMillis;
    private long heardMillis;
    private long memoryBytes;
    private boolean draining;

    WorkerEntry(SessionId session, WorkerRegistration registration, Moment now) {
        this.session = session;
        this.registration = registration;
        this.draining = registration.draining();
        this.registeredMillis = now.wallMillis();
        this.heardMillis = now.steadyMillis();
    }

    SessionId session() {
        return session;
    }

    WorkerRegistration registration() {
        return registration;
    }

    void heard(Moment now) {
        heardMillis = Math.max(heardMillis, now.steadyMillis());
    }

    void beat(WorkerMessage.Heartbeat heartbeat) {
        memoryBytes = heartbeat.memoryBytes();
    }

    /** The master itself stood still: what the worker sent meanwhile is still to be read. */
    void forgive(long millis) {
        heardMillis += millis;
    }

    long silentMillis(Moment now) {
        return Math.max(0, now.steadyMillis() - heardMillis);
    }

    void drain() {
        draining = true;
    }

    /** Why jobs leave it. */
    SolsticeError drained() {
        return ErrorCode.WORKER_DRAINED
                .error("worker " + registration.worker() + " is being drained")
                .help("nothing has to be done: the job goes on elsewhere, from a checkpoint that it took for this");
    }

    boolean takesTasks() {
        return !draining;
    }

    WorkerView view(Capacity capacity, Moment now) {
        WorkerState state =
                !draining ? WorkerState.ACTIVE : capacity.tasks() == 0 ? WorkerState.DRAINED : WorkerState.DRAINING;
        return new WorkerView(
                registration,
                state,
                capacity.reserved(),
                capacity.tasks(),
                memoryBytes,
                registeredMillis,
                silentMillis(now));
    }
}
