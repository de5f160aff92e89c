package io.solstice.worker;

import io.solstice.api.row.Row;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.StateFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes and reads small states for nobody, soon after the start: a worker that takes the place of a lost one first of
 * all reads large ones, and code that has never run does that several times slower. Takes some tenths of a second of one
 * core, once.
 */
final class WarmUp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    /** Registering, and a first job that waits for it, come first. */
    private static final long DELAY_MILLIS = 1_000;

    private static final int ROUNDS = 10;
    private static final int STATE_BYTES = 1 << 20;
    private static final long MEMORY_BYTES = 16 << 20;

    private final ScheduledExecutorService thread;

    private WarmUp() {
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "warm-up");
            thread.setDaemon(true);
            return thread;
        });
    }

    static WarmUp soon() {
        WarmUp warmUp = new WarmUp();
        warmUp.thread.schedule(warmUp::run, DELAY_MILLIS, TimeUnit.MILLISECONDS);
        return warmUp;
    }

    private void run() {
        // Not of the worker's memory, all of which jobs may need.
        try (BufferAllocator memory = new RootAllocator(MEMORY_BYTES)) {
            StateFormat.State state = new StateFormat.State(Row.of("bytes", new byte[STATE_BYTES]), Row.EMPTY);
            for (int i = 0; i < ROUNDS && !Thread.currentThread().isInterrupted(); i++) {
                round(state, memory);
            }
        } catch (IOException | NoSuchAlgorithmException | RuntimeException failure) {
            LOG.debug("not warmed up", failure);
        } finally {
            thread.shutdown();
        }
    }

    /** Gives back what it was given, on the way on which states are kept. */
    static StateFormat.State round(StateFormat.State state, BufferAllocator memory)
            throws IOException, NoSuchAlgorithmException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        StateFormat.Origin nobody = new StateFormat.Origin("warm-up", 0, 1, "");
        try (Batch copy = StateFormat.copy(state, nobody, memory)) {
            StateFormat.write(copy, new DigestOutputStream(content, MessageDigest.getInstance("SHA-256")));
        }
        byte[] bytes = content.toByteArray();
        DigestInputStream again =
                new DigestInputStream(new ByteArrayInputStream(bytes), MessageDigest.getInstance("SHA-256"));
        return StateFormat.read("warm-up", again, bytes.length, memory).state();
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.warn("the warm-up does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
