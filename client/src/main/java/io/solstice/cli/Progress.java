package io.solstice.cli;

import io.solstice.api.JobHandle;
import io.solstice.api.JobMetrics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Shows a running job on a thread of its own until it is closed. */
final class Progress implements AutoCloseable {
    private static final long LIVE_MILLIS = 250;
    private static final long PLAIN_MILLIS = 10_000;

    private final JobHandle handle;
    private final JobView view;
    private final Rates rates = new Rates();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "solstice-progress");
        thread.setDaemon(true);
        return thread;
    });

    private Progress(JobHandle handle, JobView view) {
        this.handle = handle;
        this.view = view;
    }

    static Progress show(JobHandle handle, JobView view) {
        Progress progress = new Progress(handle, view);
        Terminal terminal = view.terminal();
        boolean live =
                view.style() == ProgressStyle.AUTO && terminal.live() && !(view.prints() && terminal.outShared());
        if (live) {
            progress.every(LIVE_MILLIS, progress::redraw);
        } else if (view.style() != ProgressStyle.NONE) {
            progress.every(PLAIN_MILLIS, progress::line);
        }
        return progress;
    }

    private void every(long millis, Runnable look) {
        ticks.scheduleAtFixedRate(look, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void redraw() {
        JobMetrics metrics = handle.getMetrics();
        rates.update(metrics);
        view.screen()
                .draw(ProgressText.block(
                        metrics, rates, view, handle.getStatus().waitingFor()));
    }

    private void line() {
        JobMetrics metrics = handle.getMetrics();
        rates.update(metrics);
        byte[] text = (ProgressText.line(
                                metrics, rates, view, handle.getStatus().waitingFor())
                        + System.lineSeparator())
                .getBytes(StandardCharsets.UTF_8);
        try (OutputStream stream = view.screen().stream()) {
            stream.write(text);
        } catch (IOException closed) {
            // nobody reads it any more
        }
    }

    /** Ends the showing and takes the live block away. */
    @Override
    public void close() throws InterruptedException {
        ticks.shutdownNow();
        ticks.awaitTermination(1, TimeUnit.SECONDS);
        view.screen().erase();
    }
}
