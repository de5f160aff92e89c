package io.solstice.cli;

import io.solstice.api.JobHandle;
import io.solstice.api.JobStatus;
import io.solstice.api.cluster.ClientOptions;
import io.solstice.common.protocol.JobState;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A terminal's attention to a job on a cluster, which goes on without it: Ctrl-C once lets go of the job, twice cancels
 * it. Made by the thread that follows, before the job is submitted.
 */
final class Attention {
    private static final long GRACE_MILLIS = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ClientOptions options;
    private final Terminal terminal;
    private final CountDownLatch cancelAsked = new CountDownLatch(1);

    Attention(ClientOptions options, Terminal terminal) {
        this.options = options;
        this.terminal = terminal;
        Interrupts.handle(Thread.currentThread()::interrupt, cancelAsked::countDown);
    }

    /** Shows the job to its end; what makes it fail is thrown. */
    ExitCode follow(JobHandle handle, JobView view) throws InterruptedException {
        try {
            return ended(view.untilEnd(handle));
        } catch (InterruptedException letGo) {
            return letGo(handle, view);
        }
    }

    static ExitCode ended(JobStatus end) {
        return end.state() == JobState.FINISHED ? ExitCode.OK : ExitCode.FAILED;
    }

    private ExitCode letGo(JobHandle handle, JobView view) throws InterruptedException {
        terminal.err()
                .println("job '" + handle.jobId() + "' goes on; follow it again with: "
                        + waitCommand(handle.jobId(), options));
        terminal.err().println("Ctrl-C again within " + GRACE_MILLIS / 1000 + " s cancels it.");
        if (!cancelAsked.await(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
            return ExitCode.INTERRUPTED;
        }
        handle.cancel();
        terminal.err().println("cancelling job '" + handle.jobId() + "'");
        JobStatus end = handle.await(PATIENCE);
        view.summarize(handle.getMetrics());
        return end.state() == JobState.CANCELLED ? ExitCode.OK : ended(end);
    }

    static String waitCommand(String jobId, ClientOptions options) {
        return "solstice job wait " + jobId + " --master " + options.address();
    }
}
