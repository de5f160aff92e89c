package io.solstice.cli;

import io.solstice.api.JobHandle;
import io.solstice.api.cluster.ClientOptions;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.common.error.ErrorCode;
import java.time.Duration;
import java.util.List;

/** Follows a job of a cluster to its end. */
final class JobWaitCommand implements Command {
    private static final Flag TIMEOUT =
            Flag.of("--timeout", "<secs>", "Give up after so many seconds with exit code 75. Default: never.");
    private static final List<Flag> FLAGS = ClusterAccess.with(
            TIMEOUT,
            Flag.of("--progress", "<how>", "auto (default: live on a terminal, else a line every 10 s), plain, none."),
            Flag.of("--log-level", "<level>", "DEBUG (with stack traces), INFO (default), WARN, ERROR or OFF."));

    @Override
    public String name() {
        return "job wait";
    }

    @Override
    public String summary() {
        return "Follows a job to its end.";
    }

    @Override
    public List<String> examples() {
        return List.of("solstice job wait my_job", "solstice job wait my_job --timeout 600 --progress none");
    }

    @Override
    public String usage() {
        return "<id> [options]";
    }

    @Override
    public List<Flag> flags() {
        return FLAGS;
    }

    @Override
    public List<String> notes() {
        return List.of(
                "Exits as solstice run does: 0 if the job finished, else with the code of its error. Ctrl-C lets go of",
                "the job, which goes on; twice cancels it.");
    }

    @Override
    public ExitCode run(Arguments given, Terminal terminal) throws InterruptedException {
        if (given.operands().size() != 1) {
            throw new UsageException(ErrorCode.OPTION_MISSING
                    .error("solstice job wait needs one <id>")
                    .help("for example: " + examples().get(0)));
        }
        String level = Logging.level(given.text("--log-level", "INFO"));
        ProgressStyle style = ProgressStyle.of(given.text("--progress", "auto"));
        Double timeout = given.number(TIMEOUT.name());
        ClientOptions options = ClusterAccess.once(given, terminal);
        LiveScreen screen = new LiveScreen(terminal.err());
        Logging.configure(level, screen.stream());
        JobView view = new JobView(
                style, screen, terminal, false, false, "the dead-letter folders of the workers that skipped them");
        try (SolsticeClient client = SolsticeClient.connect(options)) {
            JobHandle handle = client.job(given.operands().get(0));
            if (timeout != null) {
                return Attention.ended(within(handle, view, Duration.ofMillis(Math.round(timeout * 1000))));
            }
            return new Attention(options, terminal).follow(handle, view);
        }
    }

    private static io.solstice.api.JobStatus within(JobHandle handle, JobView view, Duration timeout)
            throws InterruptedException {
        try (Progress shown = Progress.show(handle, view)) {
            handle.await(timeout);
        }
        return view.untilEnd(handle);
    }
}
