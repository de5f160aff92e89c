package io.solstice.cli;

import java.util.ArrayList;
import java.util.List;

/** Hands a workflow to a cluster and does not wait for its end. */
final class SubmitCommand implements Command {
    @Override
    public String name() {
        return "submit";
    }

    @Override
    public String summary() {
        return "Hands a workflow to a cluster and shows the id of its job.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "solstice submit --workflow workflows.simple_etl --input /data/in.lance --master head-node:7070",
                "solstice submit MyWorkflow.java --job-id my_job",
                "solstice job wait $(solstice submit --workflow jobs.jar)");
    }

    @Override
    public String usage() {
        return "(--workflow <name> | <file>.java | --config <stream>.yaml) [options] [--<setting> <value>]...";
    }

    @Override
    public List<Flag> flags() {
        List<Flag> flags = new ArrayList<>(JobArguments.FLAGS);
        flags.addAll(ClusterAccess.FLAGS);
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
                "Returns when the job runs or waits for room; what is wrong with it is shown, as by run. The id is the",
                "only line on standard output."));
        return notes;
    }

    @Override
    public ExitCode run(Arguments given, Terminal terminal) {
        JobArguments asked = JobArguments.of(given, terminal);
        LiveScreen screen = new LiveScreen(terminal.err());
        ClusterRun run = new ClusterRun(asked, screen, terminal, ClusterAccess.options(given, terminal));
        Logging.configure(asked.logLevel(), screen.stream());
        return run.submitted();
    }
}
