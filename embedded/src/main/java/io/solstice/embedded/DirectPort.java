package io.solstice.embedded;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerRegistration;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.master.Master;
import io.solstice.master.WorkerPort;
import io.solstice.master.cluster.SessionId;
import io.solstice.worker.link.MasterPort;
import java.util.function.Consumer;

/** Connects a worker with the master of its own process by plain calls; both only queue what they are told. */
final class DirectPort implements MasterPort {
    private final Master master;
    private final Consumer<WorkerReport> passing;

    /** @param passing sees each report before the master does */
    DirectPort(Master master, Consumer<WorkerReport> passing) {
        this.master = master;
        this.passing = passing;
    }

    @Override
    public Link open(WorkerRegistration registration, Listener listener) {
        SessionId session = master.connect(toWorker(listener));
        master.receive(session, new WorkerMessage.Register(registration));
        return new Link() {
            @Override
            public void send(WorkerMessage message) {
                if (message instanceof WorkerMessage.Report report) {
                    passing.accept(report.report());
                }
                master.receive(session, message);
            }

            @Override
            public void close() {
                master.disconnected(session, "the worker closed the connection");
            }
        };
    }

    private static WorkerPort toWorker(Listener listener) {
        return new WorkerPort() {
            @Override
            public void send(MasterMessage message) {
                listener.received(message);
            }

            @Override
            public void close(SolsticeError why) {
                listener.closed(why.what());
            }
        };
    }
}
