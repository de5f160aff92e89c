package io.solstice.cli;

import io.solstice.api.Job;
import io.solstice.api.Solstice;
import io.solstice.api.program.LoadedWorkflow;
import io.solstice.api.program.WorkflowLoader;
import io.solstice.common.error.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a workflow to its end. */
final class RunCommand implements Command {
    private static final List<Flag> FLAGS = List.of(
            Flag.of("--workflow", "<name>", "A class, a name such as workflows.simple_etl, a jar, or <jar>#<class>."),
            Flag.of("--config", "<file>", "YAML with job:, state_backend: and config:."),
            Flag.of("--job-id", "<id>", "Default: job_<unix seconds>."),
            Flag.of("--log-level", "<level>", "DEBUG (with stack traces), INFO (default), WARN, ERROR or OFF."),
            Flag.of("--progress", "<how>", "auto (default: live on a terminal, else a line every 10 s), plain, none."),
            Flag.of("--checkpoint-interval", "<secs>", "A checkpoint is due after so many seconds. Default: 300."),
            Flag.of("--checkpoint-records", "<n>", "Also after so many records. Default: no such limit."),
            Flag.of("--state-backend", "<type>", "local (default), s3 or dfs."),
            Flag.of("--state-path", "<path>", "Directory (local), bucket (s3) or URI (dfs) of the checkpoints."),
            Flag.of("--state-prefix", "<prefix>", "Key prefix (s3). Default: checkpoints."),
            Flag.of("--restore-from", "<checkpoint>", "none (default). Restoring is not possible yet."),
            new Flag(List.of("--master", "--ray-address"), "<address>", "Not possible yet: jobs run in this process."));

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
                "solstice run --workflow jobs.jar#com.example.Orders");
    }

    @Override
    public String usage() {
        return "(--workflow <name> | <file>.java) [options] [--<setting> <value>]...";
    }

    @Override
    public List<Flag> flags() {
        return FLAGS;
    }

    @Override
    public boolean takesSettings() {
        return true;
    }

    @Override
    public List<String> notes() {
        return List.of(
                "Every other --key value (or --key=value, or a bare --flag) is a setting for the workflow, with",
                "hyphens turned into underscores. Flags win over the YAML file, which wins over the workflow's own",
                "defaults.",
                "",
                "Exit codes: 0 finished or cancelled, 1 failed, 64 wrong command line, 70 the workflow's code failed,",
                "78 wrong configuration, 130 ended by a second Ctrl-C.");
    }

    @Override
    public ExitCode run(Arguments given, Terminal terminal) throws InterruptedException {
        String level = Logging.level(given.text("--log-level", "INFO"));
        ProgressStyle style = ProgressStyle.of(given.text("--progress", "auto"));
        refuseWhatIsNotThere(given);
        RunSettings.Flags flags = flags(given);
        String workflow = chosenWorkflow(given);
        String config = given.text("--config");
        JobFile jobFile = config == null
                ? JobFile.EMPTY
                : JobFileReader.read(Installation.of(terminal.environment()).find(Path.of(config)));
        RunSettings settings = RunSettings.merge(flags, jobFile);
        LiveScreen screen = new LiveScreen(terminal.err());
        Logging.configure(level, screen.stream());
        try (LoadedWorkflow loaded = WorkflowLoader.load(workflow)) {
            Job job = loaded.createJob(settings.context());
            settings.applyTo(job);
            settings.checkAllRead(screen.stream());
            job.graph();
            try (Solstice solstice = Solstice.embedded()) {
                return new JobRun(job, style, screen, terminal).on(solstice);
            }
        }
    }

    static RunSettings.Flags flags(Arguments given) {
        return new RunSettings.Flags(
                given.text("--job-id"),
                given.number("--checkpoint-interval"),
                given.wholeNumber("--checkpoint-records"),
                given.text("--state-backend"),
                given.text("--state-path"),
                given.text("--state-prefix"),
                given.settings());
    }

    private static String chosenWorkflow(Arguments given) {
        List<String> chosen = new ArrayList<>(given.operands());
        String named = given.text("--workflow");
        if (named != null) {
            chosen.add(0, named);
        }
        if (chosen.isEmpty()) {
            throw new UsageException(ErrorCode.WORKFLOW_MISSING
                    .error("no workflow is given")
                    .help("give --workflow <name>, for example --workflow workflows.simple_etl, or a .java file"));
        }
        if (chosen.size() > 1) {
            throw new UsageException(ErrorCode.WORKFLOW_AMBIGUOUS
                    .error("one workflow is needed, not " + String.join(" and ", chosen))
                    .help("a setting of the workflow begins with two hyphens: --key value"));
        }
        return chosen.get(0);
    }

    private static void refuseWhatIsNotThere(Arguments given) {
        String restoreFrom = given.text("--restore-from", "none");
        String master = given.text("--master");
        if (!restoreFrom.equals("none")) {
            throw ErrorCode.NOT_SUPPORTED
                    .error("cannot restore from checkpoint '" + restoreFrom + "'")
                    .where("--restore-from " + restoreFrom)
                    .cause("this release writes no checkpoints, so there is none to restore")
                    .help("leave --restore-from out to run the job from its beginning; its sinks publish only whole"
                            + " results, so running it again is safe")
                    .toException();
        }
        if (master != null) {
            throw ErrorCode.NOT_SUPPORTED
                    .error("cannot run on the cluster at " + master)
                    .where("--master " + master)
                    .cause("this release runs jobs in its own process")
                    .help("leave --master out")
                    .toException();
        }
    }
}
