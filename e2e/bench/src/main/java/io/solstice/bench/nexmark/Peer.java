package io.solstice.bench.nexmark;

import io.solstice.bench.measure.Checkpointing;
import io.solstice.bench.measure.Contender;

/** Another system that does the queries, in this process, through its own API. */
public interface Peer {
    /** Its name on the command line and in reports. */
    String system();

    boolean does(Query query);

    /**
     * How many million events last it for some seconds: one system takes twenty times as long as another. A million
     * events are ten seconds of their time, one window.
     */
    int millions(Query query);

    /** Without checkpoints. */
    Contender contender(Query query, int parallelism, long events);

    /** Exactly once; the last checkpoint, which some systems take when all is done, is not waited for. */
    Contender checkpointed(Query query, String variant, int parallelism, long events, Checkpointing checkpoints);
}
