package io.solstice.common.loop;

import java.time.Duration;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One thread that runs events in the order in which they came. Whatever state the events touch is owned by this thread,
 * so none of it needs a lock. Submitting never blocks.
 */
public final class EventLoop implements AutoCloseable {
    private static final Runnable STOP = () -> {};

    private final LinkedTransferQueue<Runnable> events = new LinkedTransferQueue<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Consumer<Throwable> onDefect;
    private final long tickNanos;
    private final Runnable onTick;
    private final Thread thread;
    private long nextTickNanos;

    /** @param onDefect told of every exception that an event lets escape; the loop goes on */
    public EventLoop(String name, Consumer<Throwable> onDefect) {
        this(name, onDefect, Duration.ofDays(365), () -> {});
    }

    /** @param onTick runs about once in so long, between events */
    public EventLoop(String name, Consumer<Throwable> onDefect, Duration tick, Runnable onTick) {
        this.onDefect = onDefect;
        this.tickNanos = tick.toNanos();
        this.onTick = onTick;
        this.nextTickNanos = Clock.SYSTEM.monotonicNanos() + tickNanos;
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** Queues an event. Events that come after {@link #close} are dropped. */
    public void submit(Runnable event) {
        if (!closed.get()) {
            events.add(event);
        }
    }

    private void run() {
        for (Runnable event = next(); event != STOP; event = next()) {
            try {
                event.run();
            } catch (Throwable defect) {
                report(defect);
            }
        }
    }

    /** Only {@link #close} ends the loop: an interrupt is what some event left behind, and means nothing here. */
    private Runnable next() {
        while (true) {
            long left = nextTickNanos - Clock.SYSTEM.monotonicNanos();
            if (left <= 0) {
                nextTickNanos = Clock.SYSTEM.monotonicNanos() + tickNanos;
                return onTick;
            }
            try {
                Runnable event = events.poll(left, TimeUnit.NANOSECONDS);
                if (event != null) {
                    return event;
                }
            } catch (InterruptedException leftBehind) {
                // taking it has cleared it
            }
        }
    }

    private void report(Throwable defect) {
        try {
            onDefect.accept(defect);
        } catch (RuntimeException unreported) {
            // nobody is left to tell; the loop matters more
        }
    }

    /** Runs what is queued, then ends the thread and waits for it, unless called on the loop's own thread. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            events.add(STOP);
        }
        if (Thread.currentThread() == thread) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
