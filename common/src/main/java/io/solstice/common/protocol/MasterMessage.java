package io.solstice.common.protocol;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.RunId;
import java.util.List;

/** What a master sends to a worker over the one stream between them. */
public sealed interface MasterMessage {
    /**
     * The worker is registered.
     *
     * @param term of the master; commands of a lower one are not obeyed
     * @param kept of the runs that the worker holds, those that it keeps; it lets go of all others
     */
    record Welcome(long term, List<RunId> kept) implements MasterMessage {
        public Welcome {
            kept = List.copyOf(kept);
        }
    }

    /** The worker cannot belong to this cluster, and trying again would not help. */
    record Refused(SolsticeError error) implements MasterMessage {}

    /**
     * Answers a heartbeat, so that the worker knows that its master lives.
     *
     * @param others of the groups of sources that the heartbeat told of, the tasks on other workers
     */
    record HeartbeatSeen(long sequence, List<GroupTime> others) implements MasterMessage {
        public HeartbeatSeen {
            others = List.copyOf(others);
        }

        public HeartbeatSeen(long sequence) {
            this(sequence, List.of());
        }
    }

    /** The worker gets no more tasks; it says so when it registers again, whoever leads by then. */
    record Drain() implements MasterMessage {}

    record Command(WorkerCommand command) implements MasterMessage {}
}
