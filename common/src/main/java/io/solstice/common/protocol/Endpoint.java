package io.solstice.common.protocol;

/** Where a process of the cluster listens. */
public record Endpoint(String host, int port) {
    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
