package io.solstice.bench.adclick;

import io.solstice.bench.measure.Checkpointing;
import io.solstice.bench.measure.Contender;

/** A system that counts, in this process, through its own API. */
public interface AdPeer {
    String QUERY = "ad-click";

    /** Its name on the command line and in reports. */
    String system();

    /** How many million events last it for some seconds. */
    int millions();

    /** Without checkpoints. */
    Contender contender(int parallelism, long events);

    /** Exactly once; the last checkpoint, which some systems take when all is done, is not waited for. */
    Contender checkpointed(String variant, int parallelism, long events, Checkpointing checkpoints);
}
