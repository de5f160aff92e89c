package io.solstice.worker.code;

import io.solstice.common.protocol.Program.Artifact;
import java.io.IOException;
import java.io.OutputStream;

/** Where a worker gets jars from that it does not have yet: its master. */
@FunctionalInterface
public interface ArtifactSource {
    /** Writes the whole jar; waits for it. What arrives is not trusted: its reader checks size and digest. */
    void fetch(Artifact artifact, OutputStream into) throws IOException;
}
