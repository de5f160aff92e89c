package io.solstice.worker.task;

import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.channel.LocalChannel;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a source that may wait for a disk or a network on a thread of its own, ahead of the task by a bounded number of
 * bytes, so that reading and computing overlap and a slow read never keeps the task from hearing a cancel.
 */
public final class ReadAhead implements TaskInput {
    private final SourceInput source;
    private final Waker readerWaker;
    private final LocalChannel channel;
    private final Runnable wakeTask;
    private final Thread thread;
    /** The place of each batch on the way, in order, so that an error names the split that its batch came from. */
    private final ConcurrentLinkedQueue<String> places = new ConcurrentLinkedQueue<>();

    private String place = "";
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure;

    public ReadAhead(String name, SourceInput source, Waker readerWaker, long budgetBytes, Runnable wakeTask) {
        this.source = source;
        this.readerWaker = readerWaker;
        this.wakeTask = wakeTask;
        this.channel = new LocalChannel(budgetBytes, readerWaker::wake, wakeTask);
        this.thread = new Thread(this::read, name);
        this.thread.setDaemon(true);
        this.thread.start();
    }

    private void read() {
        try {
            while (!stopped) {
                StreamElement next = source.poll();
                if (next == null) {
                    readerWaker.sleep();
                    continue;
                }
                send(next);
                if (next instanceof EndOfInput) {
                    return;
                }
            }
        } catch (Throwable thrown) {
            failure = thrown;
            wakeTask.run();
        }
    }

    private void send(StreamElement element) {
        if (element instanceof Batch) {
            places.add(source.place());
        }
        while (!channel.offer(element)) {
            if (stopped) {
                element.discard();
                return;
            }
            readerWaker.sleep();
        }
    }

    @Override
    public @Nullable StreamElement poll() throws Exception {
        StreamElement next = channel.poll();
        Throwable thrown = failure;
        if (next instanceof Batch) {
            place = String.valueOf(places.poll());
        }
        if (next != null || thrown == null) {
            return next;
        }
        place = source.place();
        if (thrown instanceof Exception exception) {
            throw exception;
        }
        throw (Error) thrown;
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
        readerWaker.wake();
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
        channel.abandon();
        source.close();
    }
}
