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
    private final LiveScreen screen;
    private final Terminal terminal;
    private final Rates rates = new Rates();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "solstice-progress");
        thread.setDaemon(true);
        return thread;
    });

    private Progress(JobHandle handle, LiveScreen screen, Terminal terminal) {
        this.handle = handle;
        this.screen = screen;
        this.terminal = terminal;
    }

    static Progress show(JobHandle handle, ProgressStyle style, boolean prints, LiveScreen screen, Terminal terminal) {
        Progress progress = new Progress(handle, screen, terminal);
        boolean live = style == ProgressStyle.AUTO && terminal.live() && !(prints && terminal.outShared());
        if (live) {
            progress.every(LIVE_MILLIS, progress::redraw);
        } else if (style != ProgressStyle.NONE) {
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
        screen.draw(ProgressText.block(metrics, rates, terminal));
    }

    private void line() {
        JobMetrics metrics = handle.getMetrics();
        rates.update(metrics);
        byte[] text = (ProgressText.line(metrics, rates) + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
        try (OutputStream stream = screen.stream()) {
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
        screen.erase();
    }
}
