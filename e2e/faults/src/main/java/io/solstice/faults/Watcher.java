package io.solstice.faults;

import io.solstice.faults.check.Account;
import io.solstice.faults.check.OutputWatch;
import io.solstice.faults.rig.Wait;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at the output on a thread of its own while a trial goes on. The watch and its account belong to that thread. */
final class Watcher implements AutoCloseable {
    private final OutputWatch watch;
    private final Account account;
    private final Duration step;
    private final Thread thread = new Thread(this::run, "faults-watch");
    private volatile List<OutputWatch.Growth> growths = List.of();
    private volatile boolean stopped;
    private volatile @Nullable Exception failure;

    /**
     * @param account that the watch writes to
     * @param step between two looks
     */
    Watcher(OutputWatch watch, Account account, Duration step) {
        this.watch = watch;
        this.account = account;
        this.step = step;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!stopped) {
                watch.look();
                growths = watch.growths();
                Wait.pause(step);
            }
            watch.look();
            growths = watch.growths();
        } catch (IOException | InterruptedException | RuntimeException failed) {
            failure = failed;
        }
    }

    /** When the output became more, so far. */
    List<OutputWatch.Growth> growths() {
        return growths;
    }

    /** Looks a last time. Returns what was found. */
    Account end() throws Exception {
        close();
        if (failure != null) {
            throw failure;
        }
        return account;
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join();
    }
}
