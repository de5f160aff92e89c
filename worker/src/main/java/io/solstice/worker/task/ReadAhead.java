package io.solstice.worker.task;

import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.SplitStart;
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
public final class ReadAhead implements SourceReading {
    private final SourceInput source;
    private final Waker readerWaker;
    private final LocalChannel channel;
    private final Runnable wakeTask;
    private final Thread thread;
    /**
     * How far each batch on the way brings the reading, in order, so that the task's position is that of the batches
     * which it has taken, and an error names the split that its batch came from.
     */
    private final ConcurrentLinkedQueue<Mark> marks = new ConcurrentLinkedQueue<>();

    /** Used by the reading thread. */
    private Reached lastMarked = new Reached(0, 0, "", SplitStart.NO_TIME, false);

    private Reached reached = lastMarked;
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure;

    /** @param batch whether one is on the way that has to be taken before this is reached */
    private record Mark(Reached reached, boolean batch) {}

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
                mark(next instanceof Batch);
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

    private void mark(boolean batch) {
        Reached now = source.reached();
        if (batch || !now.equals(lastMarked)) {
            marks.add(new Mark(now, batch));
            lastMarked = now;
            if (!batch) {
                wakeTask.run();
            }
        }
    }

    private void send(StreamElement element) {
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
        passEnds();
        if (next instanceof Batch) {
            reached = marks.remove().reached();
        }
        if (next != null || thrown == null) {
            return next;
        }
        reached = new Reached(reached.finished(), reached.rows(), source.place(), reached.watermark(), reached.last());
        if (thrown instanceof Exception exception) {
            throw exception;
        }
        throw (Error) thrown;
    }

    /** Ends of splits count as soon as all batches before them have been taken. */
    private void passEnds() {
        for (Mark first = marks.peek(); first != null && !first.batch(); first = marks.peek()) {
            reached = marks.remove().reached();
        }
    }

    @Override
    public Reached reached() {
        return reached;
    }

    @Override
    public SourcePosition position(Reached at, long watermark) {
        return source.position(at, watermark);
    }

    @Override
    public SourcePosition position() {
        passEnds();
        return position(reached, reached.watermark());
    }

    @Override
    public String place() {
        return reached.place();
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
