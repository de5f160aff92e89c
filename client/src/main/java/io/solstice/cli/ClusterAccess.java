package io.solstice.cli;

import io.solstice.api.cluster.ClientOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How a command reaches a master: by flags, else by the environment, else on this machine. */
final class ClusterAccess {
    static final Flag MASTER = new Flag(
            List.of("--master", "--ray-address"),
            "<host:port>",
            "The master, or all with commas in between. Default: SOLSTICE_MASTER, 127.0.0.1:7070.");
    static final Flag TOKEN =
            Flag.of("--token", "<token>", "Who asks. Default: SOLSTICE_TOKEN, which other users cannot see.");
    static final Flag TLS_CA =
            Flag.of("--tls-ca", "<file>", "Certificates (PEM) to trust; turns TLS on. Default: SOLSTICE_TLS_CA.");
    static final List<Flag> FLAGS = List.of(MASTER, TOKEN, TLS_CA);

    private ClusterAccess() {}

    /** The command's own flags, then those of every command that talks to a master. */
    static List<Flag> with(Flag... own) {
        List<Flag> flags = new ArrayList<>(List.of(own));
        flags.addAll(FLAGS);
        return flags;
    }

    /** For a command that looks or acts once: a master that is not there is an answer. */
    static ClientOptions once(Arguments given, Terminal terminal) {
        return options(given, terminal).withPatience(Duration.ZERO);
    }

    /** For a command that goes on: a master may be away for a moment. */
    static ClientOptions options(Arguments given, Terminal terminal) {
        ClientOptions options = ClientOptions.fromEnvironment(terminal.environment());
        String master = given.text(MASTER.name());
        String token = given.text(TOKEN.name());
        String ca = given.text(TLS_CA.name());
        options = master == null ? options : options.withMaster(master);
        options = token == null ? options : options.withToken(token);
        return ca == null ? options : options.withTlsCa(Path.of(ca));
    }
}
