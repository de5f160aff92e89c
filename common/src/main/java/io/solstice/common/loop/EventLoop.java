package io.solstice.common.loop;

import java.util.concurrent.LinkedTransferQueue;
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
    private final Thread thread;

    /** @param onDefect told of every exception that an event lets escape; the loop goes on */
    public EventLoop(String name, Consumer<Throwable> onDefect) {
        this.onDefect = onDefect;
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
            try {
                return events.take();
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
