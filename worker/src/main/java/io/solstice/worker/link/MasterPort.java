package io.solstice.worker.link;

import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerRegistration;

/** How a worker reaches its master: over gRPC, or by direct calls in one process. */
public interface MasterPort {
    /**
     * Connects, with {@link WorkerMessage.Register} as the first message. Never blocks and never throws: that it did not
     * work is told to the listener.
     */
    Link open(WorkerRegistration registration, Listener listener);

    /** One connection. Called by the worker's event loop; never blocks. */
    interface Link {
        /** Sends, in order; dropped if the connection is gone. */
        void send(WorkerMessage message);

        /** Ends the connection after what was sent. The listener may or may not hear of it. */
        void close();
    }

    /** Called by any thread, in order. */
    interface Listener {
        void received(MasterMessage message);

        /** The connection could not be made or is gone. Nothing follows. */
        void closed(String why);
    }
}
