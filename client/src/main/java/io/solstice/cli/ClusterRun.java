package io.solstice.cli;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.JobStatus;
import io.solstice.api.Stage;
import io.solstice.api.cluster.ClientOptions;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.api.cluster.Submission;
import io.solstice.api.cluster.UploadProgress;
import io.solstice.api.sink.PrintSink;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.ErrorKind;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One job that is handed to a cluster. */
final class ClusterRun {
    private static final long WORTH_SHOWING_BYTES = 4 << 20;

    private final JobArguments asked;
    private final LiveScreen screen;
    private final Terminal terminal;
    private final ClientOptions options;
    private RunSettings settings;

    ClusterRun(JobArguments asked, LiveScreen screen, Terminal terminal, ClientOptions options) {
        this.asked = asked;
        this.screen = screen;
        this.terminal = terminal;
        this.options = options;
        this.settings = asked.settings();
    }

    /** Submits the job and follows it to its end, or until it is let go by Ctrl-C. */
    ExitCode toTheEnd() throws InterruptedException {
        try (SolsticeClient client = SolsticeClient.connect(options)) {
            Attention attention = new Attention(options, terminal);
            JobHandle handle;
            try {
                handle = submit(client);
            } catch (SolsticeException failed) {
                if (!Thread.interrupted()) {
                    throw failed;
                }
                terminal.err()
                        .println("ended before the master had answered; "
                                + failed.error().help());
                return ExitCode.INTERRUPTED;
            }
            return attention.follow(handle, view());
        }
    }

    /** Submits the job; it has been checked and runs or waits for room when its id is shown. */
    ExitCode submitted() {
        try (SolsticeClient client = SolsticeClient.connect(options)) {
            JobStatus status = submit(client).getStatus();
            terminal.out().println(status.jobId());
            String waits = status.waitingFor().isEmpty() ? "" : ", waits for " + status.waitingFor();
            terminal.err()
                    .println(status.state() + waits + "; follow it with: "
                            + Attention.waitCommand(status.jobId(), options));
            return ExitCode.OK;
        }
    }

    private JobView view() {
        String deadLetters =
                settings.context().stateBackend().deadLetters(settings.context().jobId())
                        + " on the machines of the workers";
        return new JobView(asked.style(), screen, terminal, false, false, deadLetters);
    }

    private JobHandle submit(SolsticeClient client) {
        while (true) {
            try {
                return submitOnce(client);
            } catch (SolsticeException refused) {
                if (settings.isNamed() || refused.code() != ErrorCode.JOB_EXISTS) {
                    throw refused;
                }
                // Another job was submitted in this second and was given no id either.
                settings = settings.aSecondLater();
            }
        }
    }

    private JobHandle submitOnce(SolsticeClient client) {
        Submission submission = submission();
        try {
            return client.submit(submission);
        } catch (SolsticeException failed) {
            ErrorKind kind = failed.code().kind();
            if (kind == ErrorKind.USER) {
                throw failed;
            }
            String repeat = "request " + submission.requestId()
                    + ": with --request-id it may be sent again and makes no second job";
            String help = failed.error().help();
            throw failed.error()
                    .help(help.isEmpty() ? repeat : help + "\n" + repeat)
                    .toException(failed);
        } finally {
            screen.erase();
        }
    }

    private Submission submission() {
        Submission submission = Submission.named(asked.workflow())
                .context(settings.context())
                .restoreFrom(asked.restoreFrom())
                .lookAt(this::look)
                .onUpload(this::uploaded);
        Path home = Installation.of(terminal.environment()).home();
        submission = home == null ? submission : submission.workersHave(home.resolve("lib"));
        @Nullable String requestId = asked.requestId();
        return requestId == null ? submission : submission.requestId(requestId);
    }

    private void look(Job job) {
        settings.applyTo(job);
        settings.checkAllRead(screen.stream());
        List<String> printing = job.stages().stream()
                .filter(stage -> stage.definition() instanceof PrintSink)
                .map(Stage::id)
                .map(Object::toString)
                .toList();
        if (!printing.isEmpty()) {
            note("the rows of " + String.join(", ", printing) + " are printed by the workers, into their own output");
        }
    }

    private void uploaded(UploadProgress upload) {
        if (upload.totalBytes() < WORTH_SHOWING_BYTES || asked.style() == ProgressStyle.NONE) {
            return;
        }
        if (terminal.live() && asked.style() == ProgressStyle.AUTO) {
            long percent = 100 * upload.sentBytes() / upload.totalBytes();
            screen.draw(List.of("sending " + upload.fileName() + "  " + Figures.bytes(upload.sentBytes()) + " of "
                    + Figures.bytes(upload.totalBytes()) + ", " + percent + " %"));
        } else if (upload.sentBytes() == upload.totalBytes()) {
            note("sent " + upload.fileName() + ", " + Figures.bytes(upload.totalBytes()));
        }
    }

    private void note(String text) {
        try {
            screen.stream().write(("note: " + text + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
        } catch (IOException closed) {
            // nobody reads notes any more
        }
    }
}
