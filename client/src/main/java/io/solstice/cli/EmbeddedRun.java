package io.solstice.cli;

import io.solstice.api.Job;
import io.solstice.api.JobHandle;
import io.solstice.api.JobStatus;
import io.solstice.api.Solstice;
import io.solstice.api.program.LoadedWorkflow;
import io.solstice.api.program.WorkflowLoader;
import io.solstice.api.sink.PrintSink;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.JobState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One job in this process, from its workflow to the summary of its end. */
final class EmbeddedRun {
    private final JobArguments asked;
    private final LiveScreen screen;
    private final Terminal terminal;
    private final AtomicReference<@Nullable JobHandle> running = new AtomicReference<>();

    EmbeddedRun(JobArguments asked, LiveScreen screen, Terminal terminal) {
        this.asked = asked;
        this.screen = screen;
        this.terminal = terminal;
    }

    ExitCode run() throws InterruptedException {
        Path shared = Path.of(System.getProperty("java.io.tmpdir"));
        try (LoadedWorkflow loaded = WorkflowLoader.load(asked.workflow());
                JobIdClaim claim = JobIdClaim.of(asked.settings(), shared)) {
            RunSettings settings = claim.settings();
            Job job = loaded.createJob(settings.context());
            settings.applyTo(job);
            settings.checkAllRead(screen.stream());
            job.graph();
            try (Solstice solstice = Solstice.embedded()) {
                return on(solstice, job);
            }
        }
    }

    /** What makes the job fail is thrown. A job cancelled by a signal ended as asked. */
    private ExitCode on(Solstice solstice, Job job) throws InterruptedException {
        Interrupts interrupts = asked.isStream()
                ? Interrupts.handle(this::stopWithSavepoint, this::cancel)
                : Interrupts.handle(this::cancel);
        JobHandle handle = solstice.submit(job, asked.restoreFrom());
        running.set(handle);
        if (interrupts.requested()) {
            handle.cancel();
        }
        String deadLetters = job.stateBackend().deadLetters(job.id().value()).toString();
        JobStatus end = new JobView(asked.style(), screen, terminal, prints(job), true, deadLetters).untilEnd(handle);
        return end.state() == JobState.FINISHED || interrupts.requested() ? ExitCode.OK : ExitCode.FAILED;
    }

    /** A stream has no end, so ending it must lose nothing. On a thread of its own, since it takes a while. */
    private void stopWithSavepoint() {
        JobHandle handle = running.get();
        if (handle == null) {
            return;
        }
        Thread stop = new Thread(() -> stop(handle), "stop");
        stop.setDaemon(true);
        stop.start();
    }

    private void stop(JobHandle handle) {
        note("stopping with a last checkpoint; Ctrl-C again cancels");
        try {
            String savepoint = handle.stopWithSavepoint();
            note("it goes on from there with: --job-id " + handle.jobId() + " --restore-from " + savepoint);
        } catch (SolsticeException notRunning) {
            note(notRunning.error().what());
            handle.cancel();
        }
    }

    private void note(String text) {
        try {
            screen.stream().write(("note: " + text + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
        } catch (IOException closed) {
            // nobody reads notes any more
        }
    }

    private void cancel() {
        JobHandle handle = running.get();
        if (handle != null) {
            handle.cancel();
        }
    }

    private static boolean prints(Job job) {
        return job.stages().stream().anyMatch(stage -> stage.definition() instanceof PrintSink);
    }
}
