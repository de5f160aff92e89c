package io.solstice.api;

import io.solstice.common.error.ErrorCode;
import java.util.ServiceLoader;

/**
 * A running engine that takes jobs. Close it to cancel what still runs and to give everything back.
 *
 * <pre>{@code
 * try (Solstice solstice = Solstice.embedded()) {
 *     solstice.submit(job).await();
 * }
 * }</pre>
 */
public interface Solstice extends AutoCloseable {
    /** An engine in this process, with no port open: a master, a worker, and direct calls between them. */
    static Solstice embedded() {
        return ServiceLoader.load(EngineProvider.class)
                .findFirst()
                .orElseThrow(() -> ErrorCode.ENGINE_MISSING
                        .error("the embedded engine is not on the class path")
                        .help("add the dependency io.solstice:solstice-embedded")
                        .toException())
                .startEmbedded();
    }

    /**
     * Checks the job and starts it. Returns when it runs; what is wrong with the graph, an option, a path or a type is
     * thrown here, before anything has been written.
     */
    JobHandle submit(Job job);

    /** Cancels running jobs, waits until they have ended, and frees all threads, files and memory. */
    @Override
    void close();
}
