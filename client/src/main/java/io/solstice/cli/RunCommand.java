package io.solstice.cli;

import java.util.ArrayList;
import java.util.List;

/** Runs a workflow to its end, in this process or on a cluster. */
final class RunCommand implements Command {
    private static final Flag MASTER = new Flag(
            List.of("--master", "--ray-address"), "<host:port>", "Run on this master's cluster, not in this process.");

    @Override
    public String name() {
        return "run";
    }

    @Override
    public String summary() {
        return "Runs a workflow to its end.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "solstice run --config configs/simple_etl.yaml --workflow workflows.simple_etl --job-id my_job",
                "solstice run --workflow workflows.simple_etl --input /data/in.lance --transform-parallelism 4",
                "solstice run MyWorkflow.java --input in.json --output out.json",
                "solstice run --config conf/stream.yaml",
                "solstice run --workflow jobs.jar#com.example.Orders --master head-node:7070");
    }

    @Override
    public String usage() {
        return "(--workflow <name> | <file>.java | --config <stream>.yaml) [options] [--<setting> <value>]...";
    }

    @Override
    public List<Flag> flags() {
        List<Flag> flags = new ArrayList<>(JobArguments.FLAGS);
        flags.addAll(List.of(MASTER, ClusterAccess.TOKEN, ClusterAccess.TLS_CA));
        return flags;
    }

    @Override
    public boolean takesSettings() {
        return true;
    }

    @Override
    public List<String> notes() {
        List<String> notes = new ArrayList<>(JobArguments.NOTES);
        notes.addAll(List.of(
                "",
                "In this process Ctrl-C cancels the job; a stream processor stops with a last checkpoint, and is",
                "cancelled by the second. On a cluster Ctrl-C lets go of the job, which goes on; twice",
                "cancels it.",
                "",
                "Exit codes: 0 finished or cancelled, 1 failed, 64 wrong command line, 69 master not reachable, 70 the",
                "workflow's code failed, 77 not permitted, 78 wrong configuration, 130 ended by Ctrl-C."));
        return notes;
    }

    @Override
    public ExitCode run(Arguments given, Terminal terminal) throws InterruptedException {
        JobArguments asked = JobArguments.of(given, terminal);
        LiveScreen screen = new LiveScreen(terminal.err());
        if (given.has(MASTER)) {
            ClusterRun run = new ClusterRun(asked, screen, terminal, ClusterAccess.options(given, terminal));
            Logging.configure(asked.logLevel(), screen.stream());
            return run.toTheEnd();
        }
        Logging.configure(asked.logLevel(), screen.stream());
        return new EmbeddedRun(asked, screen, terminal).run();
    }
}
