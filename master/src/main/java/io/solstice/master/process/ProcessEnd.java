package io.solstice.master.process;

import io.solstice.common.error.SolsticeException;
import java.util.concurrent.CompletableFuture;

/** What ends the process from within. */
final class ProcessEnd {
    private final CompletableFuture<Void> future = new CompletableFuture<>();

    void fail(SolsticeException why) {
        future.completeExceptionally(why);
    }

    /** Completes exceptionally when the process cannot go on. */
    CompletableFuture<Void> future() {
        return future;
    }
}
