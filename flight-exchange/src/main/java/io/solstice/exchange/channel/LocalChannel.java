package io.solstice.exchange.channel;

import io.solstice.exchange.batch.StreamElement;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A channel within one process: elements are handed over by reference. */
public final class LocalChannel implements Channel {
    private final ConcurrentLinkedQueue<Sized> elements = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final long budgetBytes;
    private final Runnable wakeSender;
    private final Runnable wakeReceiver;
    private volatile long limitBytes;
    private volatile boolean abandoned;
    /** Of the receiver. */
    private long polledBytes;
    /** Written by the receiver. */
    private volatile Resumed resumed = Resumed.NEVER;

    /** An element and its size when it was sent, since a batch may be taken apart by the time it is received. */
    private record Sized(StreamElement element, long bytes) {}

    /**
     * @param budgetBytes accepts elements while fewer bytes than this are on the way, so one batch larger than the
     *     budget still passes
     * @param wakeSender called on the receiver's thread when there is room again
     * @param wakeReceiver called on the sender's thread when there is something to receive
     */
    public LocalChannel(long budgetBytes, Runnable wakeSender, Runnable wakeReceiver) {
        this.budgetBytes = budgetBytes;
        this.limitBytes = budgetBytes;
        this.wakeSender = wakeSender;
        this.wakeReceiver = wakeReceiver;
    }

    @Override
    public boolean offer(StreamElement element) {
        long bytes = element.byteSize();
        if (bytes > 0 && room() <= 0 && !abandoned) {
            return false;
        }
        queuedBytes.addAndGet(bytes);
        elements.add(new Sized(element, bytes));
        if (abandoned) {
            dropAll();
        }
        wakeReceiver.run();
        return true;
    }

    /** The limit is read first: if it is raised or lowered meanwhile, the receiver sees that somebody may wait. */
    @Override
    public long room() {
        long limit = limitBytes;
        return limit - queuedBytes.get();
    }

    @Override
    public void limit(long bytes) {
        long before = limitBytes;
        long now = Math.max(1, Math.min(budgetBytes, bytes));
        limitBytes = now;
        long queued = queuedBytes.get();
        if (queued > enough(before) && queued <= enough(now)) {
            wakeSender.run();
        }
    }

    @Override
    public @Nullable StreamElement poll() {
        Sized next = elements.poll();
        if (next == null) {
            return null;
        }
        polledBytes = next.bytes();
        if (polledBytes > 0) {
            long left = queuedBytes.addAndGet(-polledBytes);
            if (isTimeToWake(left + polledBytes, left)) {
                wakeSender.run();
            }
        }
        return next.element();
    }

    /** So that not each of many small batches wakes the sender anew; a large one does, as soon as there is room. */
    private boolean isTimeToWake(long before, long left) {
        long limit = limitBytes;
        boolean large = before - left >= limit / 4;
        return (left <= enough(limit) && before > enough(limit)) || (large && left < limit && before >= limit);
    }

    /**
     * With so much on the way a quarter is free. A sender that was refused waits while more than that is on the way, and
     * whatever brings it down to that, less on the way or a higher limit, wakes it.
     */
    private static long enough(long limit) {
        return limit - 1 - limit / 4;
    }

    @Override
    public long polledBytes() {
        return polledBytes;
    }

    @Override
    public void resume(long watermark) {
        resumed = resumed.again(watermark);
    }

    @Override
    public Resumed resumed() {
        return resumed;
    }

    @Override
    public void abandon() {
        abandoned = true;
        dropAll();
        wakeSender.run();
    }

    private void dropAll() {
        for (Sized next = elements.poll(); next != null; next = elements.poll()) {
            queuedBytes.addAndGet(-next.bytes());
            next.element().discard();
        }
    }
}
