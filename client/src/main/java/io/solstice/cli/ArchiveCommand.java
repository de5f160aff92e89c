package io.solstice.cli;

import io.solstice.common.config.Component;
import io.solstice.common.config.Listen;
import io.solstice.common.config.Security;
import io.solstice.common.rpc.RpcServer;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Loads what the commands load, so that the launcher can keep it in an archive: helps, and a call over a connection to
 * a server of this process, which is refused because it has no services.
 */
final class ArchiveCommand implements Command {
    @Override
    public String name() {
        return "archive";
    }

    @Override
    public String summary() {
        return "Makes later starts of this command faster; once after unpacking.";
    }

    @Override
    public List<String> examples() {
        return List.of("solstice archive");
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public List<Flag> flags() {
        return List.of();
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Terminal silent = Terminal.plain(nowhere, nowhere, Map.of());
        Listen listen = new Listen("127.0.0.1", 0, "127.0.0.1", 1 << 20);
        Security nobodyIsAsked = new Security(Optional.empty(), Optional.empty(), false);
        Main.run(new String[] {"--help"}, silent);
        Main.run(new String[] {"job", "list", "--help"}, silent);
        Logging.configure("OFF", OutputStream.nullOutputStream());
        Logging.silence();
        try (RpcServer server =
                RpcServer.builder(Component.MASTER, listen, nobodyIsAsked).start()) {
            String address = "127.0.0.1:" + server.endpoint().port();
            Main.run(new String[] {"job", "list", "--master", address}, silent);
        }
        return ExitCode.OK;
    }
}
