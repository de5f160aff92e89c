package io.solstice.master;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.protocol.MasterMessage;

/** A master's way to one connected worker. Neither method blocks, and both may be called after the connection ended. */
public interface WorkerPort {
    void send(MasterMessage message);

    /** Ends the connection and tells the worker why. */
    void close(SolsticeError why);
}
