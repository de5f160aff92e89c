package io.solstice.cli;

import io.solstice.api.RestoreFrom;
import io.solstice.common.error.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@code run} and {@code submit} are told about a job.
 *
 * @param requestId null for a new request
 */
record JobArguments(
        String workflow,
        RunSettings settings,
        String logLevel,
        ProgressStyle style,
        @Nullable String requestId,
        RestoreFrom restoreFrom) {
    static final String STREAM_PROCESSOR = "io.solstice.stream.StreamProcessor";

    static final String RESTORE = "--restore-from";
    private static final String MAP = "--restore-map";

    static final List<Flag> FLAGS = List.of(
            Flag.of("--workflow", "<name>", "A class, a name such as workflows.simple_etl, a jar, or <jar>#<class>."),
            Flag.of("--config", "<file>", "YAML with job:, state_backend: and config:, or a stream processor's."),
            Flag.of("--job-id", "<id>", "Default: job_<unix seconds>."),
            Flag.of("--log-level", "<level>", "DEBUG (with stack traces), INFO (default), WARN, ERROR or OFF."),
            Flag.of("--progress", "<how>", "auto (default: live on a terminal, else a line every 10 s), plain, none."),
            Flag.of("--checkpoint-interval", "<secs>", "A checkpoint is due after so many seconds. Default: 300."),
            Flag.of("--checkpoint-records", "<n>", "Also after so many records. Default: no such limit."),
            Flag.of("--state-backend", "<type>", "local (default), s3 or dfs."),
            Flag.of("--state-path", "<path>", "Directory (local), bucket (s3) or URI (dfs) of the checkpoints."),
            Flag.of("--state-prefix", "<prefix>", "Key prefix (s3). Default: checkpoints."),
            Flag.of(RESTORE, "<checkpoint>", "Begin with this checkpoint of the job id, or latest. Default: none."),
            Flag.repeated(MAP, "<old>=<new>", "With it: stage <old> of the checkpoint is now <new>. May be repeated."),
            Flag.of("--request-id", "<id>", "On a cluster: the same request sent again makes no second job."));

    static final List<String> NOTES = List.of(
            "Every other --key value (or --key=value, or a bare --flag) is a setting for the workflow, with",
            "hyphens turned into underscores. Flags win over the YAML file, which wins over the workflow's own",
            "defaults. On a cluster, paths are opened by the workers.");

    /** Reads flags and job file; refuses what is wrong before any code of the workflow is loaded. */
    static JobArguments of(Arguments given, Terminal terminal) {
        ProgressStyle style = ProgressStyle.of(given.text("--progress", "auto"));
        RestoreFrom restoreFrom = restoreFrom(given);
        RunSettings.Flags flags = flags(given);
        String config = given.text("--config");
        @Nullable String chosen = chosenWorkflow(given, config == null);
        JobFile jobFile = config == null
                ? JobFile.EMPTY
                : JobFileReader.read(Installation.of(terminal.environment()).find(Path.of(config)));
        if (!restoreFrom.isAnew() && flags.jobId() == null && jobFile.jobId() == null) {
            throw new UsageException(ErrorCode.OPTION_MISSING
                    .error("a job that goes on from a checkpoint needs the id that it had")
                    .where(RESTORE + " " + restoreFrom.checkpoint())
                    .cause("checkpoints belong to a job id, and none is given")
                    .help("add --job-id <id>, or job.id to the job file"));
        }
        String request = requestId(given.text("--request-id"));
        String workflow = workflow(chosen, jobFile);
        RunSettings settings = RunSettings.merge(flags, jobFile);
        boolean debug =
                jobFile.workflow() != null && settings.context().config().flag("debug", false);
        String level = Logging.level(given.text("--log-level", debug ? "DEBUG" : "INFO"));
        return new JobArguments(workflow, settings, level, style, request, restoreFrom);
    }

    /** Whether it is a stream processor, which ends when somebody stops it. */
    boolean isStream() {
        return isStream(workflow);
    }

    private static boolean isStream(String workflow) {
        return workflow.equals(STREAM_PROCESSOR);
    }

    private static RestoreFrom restoreFrom(Arguments given) {
        RestoreFrom from = RestoreFrom.of(given.text(RESTORE, RestoreFrom.NONE));
        String map = given.text(MAP);
        for (String renamed : map == null ? List.<String>of() : List.of(map.split(",", -1))) {
            int equals = renamed.indexOf('=');
            if (equals < 0) {
                throw new UsageException(ErrorCode.OPTION_INVALID
                        .error("'" + renamed + "' does not say which stage has which id now")
                        .where(MAP)
                        .help("write " + MAP + " <old>=<new>"));
            }
            from = from.renamed(
                    renamed.substring(0, equals).strip(),
                    renamed.substring(equals + 1).strip());
        }
        return from;
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

    private static @Nullable String requestId(@Nullable String given) {
        if (given != null && (given.isBlank() || given.length() > 128)) {
            throw new UsageException(ErrorCode.OPTION_INVALID
                    .error("a request id has 1 to 128 characters")
                    .where("--request-id")
                    .help("leave it out to make a new one"));
        }
        return given;
    }

    /** What was named, or else what the file is for. */
    private static String workflow(@Nullable String chosen, JobFile file) {
        String own = file.workflow();
        if (own != null && chosen != null && !own.equals(chosen)) {
            throw new UsageException(ErrorCode.WORKFLOW_AMBIGUOUS
                    .error("the configuration is a stream processor's, and is not for " + chosen)
                    .help("leave the workflow out; settings of another workflow stand below config:"));
        }
        if (own == null && chosen == null) {
            throw noWorkflow();
        }
        return own == null ? Objects.requireNonNull(chosen) : own;
    }

    private static UsageException noWorkflow() {
        return new UsageException(ErrorCode.WORKFLOW_MISSING
                .error("no workflow is given")
                .help("give --workflow <name>, for example --workflow workflows.simple_etl, a .java file, or the"
                        + " --config of a stream processor"));
    }

    /** @param required whether nothing else can say it */
    private static @Nullable String chosenWorkflow(Arguments given, boolean required) {
        List<String> chosen = new ArrayList<>(given.operands());
        String named = given.text("--workflow");
        if (named != null) {
            chosen.add(0, named);
        }
        if (chosen.isEmpty() && required) {
            throw noWorkflow();
        }
        if (chosen.size() > 1) {
            throw new UsageException(ErrorCode.WORKFLOW_AMBIGUOUS
                    .error("one workflow is needed, not " + String.join(" and ", chosen))
                    .help("a setting of the workflow begins with two hyphens: --key value"));
        }
        return chosen.isEmpty() ? null : chosen.get(0);
    }
}
