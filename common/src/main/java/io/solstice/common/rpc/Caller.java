package io.solstice.common.rpc;

import io.grpc.Context;

/**
 * Who makes a call.
 *
 * @param name of the user whose token came along, or the subject of the process's certificate
 */
public record Caller(String name, Kind kind) {
    /** How the caller is known. */
    public enum Kind {
        /** Not at all: the server asks nobody who they are. */
        ANONYMOUS,
        /** By a token. */
        USER,
        /** By a certificate of the cluster's own authority. */
        PROCESS
    }

    /** Everybody, where the server asks nobody. */
    public static final Caller ANONYMOUS = new Caller("anonymous", Kind.ANONYMOUS);

    static final Context.Key<Caller> KEY = Context.keyWithDefault("solstice-caller", ANONYMOUS);

    /** The caller of the call that this thread serves. */
    public static Caller current() {
        return KEY.get();
    }
}
