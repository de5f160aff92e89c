package io.solstice.worker;

import io.solstice.common.protocol.Endpoint;
import java.util.concurrent.CompletableFuture;

/** Where this worker can be reached; known once its server listens. */
final class OwnEndpoint {
    private final CompletableFuture<Endpoint> endpoint = new CompletableFuture<>();

    void set(Endpoint known) {
        endpoint.complete(known);
    }

    String host() {
        return endpoint.join().host();
    }

    int port() {
        return endpoint.join().port();
    }
}
