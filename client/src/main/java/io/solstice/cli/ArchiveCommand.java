package io.solstice.cli;

import io.solstice.api.JobContext;
import io.solstice.api.cluster.ClientOptions;
import io.solstice.api.cluster.SolsticeClient;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Loads what the commands load, and has a cluster load what it loads for a job, so that the launcher can keep all that in
 * archives. The launcher starts the cluster for it.
 */
final class ArchiveCommand implements Command {
    @Override
    public String name() {
        return "archive";
    }

    @Override
    public String summary() {
        return "Makes later starts of all processes faster; once after unpacking.";
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
        return ClusterAccess.FLAGS;
    }

    @Override
    public List<String> notes() {
        return List.of("Without options, by a cluster of its own that runs a small job and ends.");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws InterruptedException {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Terminal silent = Terminal.plain(nowhere, nowhere, Map.of());
        ClientOptions options = ClusterAccess.once(arguments, terminal);
        String master = options.address();
        Main.run(new String[] {"--help"}, silent);
        Main.run(new String[] {"job", "list", "--help"}, silent);
        Logging.configure("OFF", OutputStream.nullOutputStream());
        Logging.silence();
        // With the jar, as a program does it; then as the command does it.
        try (SolsticeClient client = SolsticeClient.connect(options)) {
            client.submit(ArchiveJob.class, JobContext.of("archive")).await();
        }
        String workflow = ArchiveJob.class.getName();
        Main.run(new String[] {"run", "--master", master, "--workflow", workflow}, silent);
        Main.run(new String[] {"job", "list", "--master", master}, silent);
        Main.run(new String[] {"worker", "list", "--master", master}, silent);
        return ExitCode.OK;
    }
}
