package io.solstice.exchange.channel;

import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.Idle;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All roads into a task. Batches come as they arrive, channel by channel in turn; a watermark comes when the smallest
 * over all channels has risen, not counting idle ones; {@link Idle} when all have become so; the end of input when every
 * channel has ended. Used by the task's thread.
 *
 * <p>A barrier comes when every open channel has delivered it, and until then nothing is taken from those that have, so
 * that exactly the rows before it on every road come before it here. A channel that has ended holds no barrier up. A
 * newer barrier puts an older one that is still missing somewhere out of force: that checkpoint has been given up, its
 * barriers that still come mean nothing, and the channels that delivered it flow again until they deliver the newer one.
 *
 * <p>A barrier waits for all batches before it, so no more of them are let in than the task handles soon.
 */
public final class Inbox {
    private static final long NONE = Long.MIN_VALUE;

    private final List<Channel> channels;
    private final boolean[] ended;
    /** Channels that have delivered the barrier of {@link #aligning}. */
    private final boolean[] held;

    private final long[] watermarks;
    /** Channels that hold no time back until their next watermark. */
    private final boolean[] idle;

    private long watermark = Long.MIN_VALUE;
    /** The last that was said of time is that all channels are idle. */
    private boolean allIdle;

    private int open;
    private int holding;
    private int turn;
    /** The newest epoch of which a barrier has come; older ones mean nothing any more. */
    private long newest = NONE;
    /** {@link #newest} while some channel has yet to deliver it, else {@link #NONE}. */
    private long aligning = NONE;
    /** What its barriers say they are based on; the same on all roads. */
    private long base;

    private final Handling handling;
    /** What comes after the element that was handed out last. */
    private @Nullable StreamElement next;

    public Inbox(List<Channel> channels) {
        this(channels, Clock.SYSTEM);
    }

    public Inbox(List<Channel> channels, Clock clock) {
        this.handling = new Handling(clock);
        this.channels = List.copyOf(channels);
        this.ended = new boolean[channels.size()];
        this.held = new boolean[channels.size()];
        this.watermarks = new long[channels.size()];
        this.idle = new boolean[channels.size()];
        Arrays.fill(watermarks, Long.MIN_VALUE);
        this.open = channels.size();
        channels.forEach(channel -> channel.limit(Channel.FIRST_LIMIT_BYTES));
    }

    /** The next element for the task, handed over, or null if there is none now. */
    public @Nullable StreamElement poll() {
        if (handling.isDone()) {
            long each = handling.soon() / Math.max(1, open);
            channels.forEach(channel -> channel.limit(each));
        }
        StreamElement due = next;
        if (due != null) {
            next = null;
            return due;
        }
        int quiet = 0;
        while (quiet < ended.length) {
            int index = turn;
            turn = turn + 1 == ended.length ? 0 : turn + 1;
            StreamElement element =
                    ended[index] || held[index] ? null : channels.get(index).poll();
            if (element == null) {
                quiet++;
                continue;
            }
            quiet = 0;
            StreamElement forTask = merged(index, element);
            if (forTask != null) {
                return forTask;
            }
        }
        return null;
    }

    private @Nullable StreamElement merged(int index, StreamElement element) {
        if (element instanceof Watermark mark) {
            watermarks[index] = Math.max(watermarks[index], mark.micros());
            idle[index] = false;
            return time();
        }
        if (element instanceof Idle) {
            idle[index] = true;
            return time();
        }
        if (element instanceof Barrier barrier) {
            return arrived(index, barrier);
        }
        if (element instanceof EndOfInput) {
            return endOf(index, element);
        }
        handling.begins(element.byteSize());
        return element;
    }

    private @Nullable Barrier arrived(int index, Barrier barrier) {
        boolean late = barrier.epoch() < newest || (barrier.epoch() == newest && aligning == NONE);
        if (late) {
            return null;
        }
        if (barrier.epoch() > newest) {
            newest = barrier.epoch();
            aligning = newest;
            base = barrier.base();
            release();
        }
        held[index] = true;
        holding++;
        return aligned();
    }

    /** The barrier, once every open channel has delivered it. */
    private @Nullable Barrier aligned() {
        if (aligning == NONE || holding < open) {
            return null;
        }
        Barrier complete = new Barrier(aligning, base);
        aligning = NONE;
        release();
        return complete;
    }

    private void release() {
        Arrays.fill(held, false);
        holding = 0;
    }

    private @Nullable StreamElement endOf(int index, StreamElement end) {
        ended[index] = true;
        open--;
        if (open == 0) {
            return end;
        }
        StreamElement raised = time();
        Barrier complete = aligned();
        if (complete == null) {
            return raised;
        }
        // What the rise leads to comes again after a restore, since the end of that channel does.
        next = raised;
        return complete;
    }

    /** What is new about event time. Called while a channel is open. */
    private @Nullable StreamElement time() {
        long lowest = Long.MAX_VALUE;
        boolean heard = false;
        for (int i = 0; i < ended.length; i++) {
            if (!ended[i] && !idle[i]) {
                lowest = Math.min(lowest, watermarks[i]);
                heard = true;
            }
        }
        if (!heard) {
            boolean known = allIdle;
            allIdle = true;
            return known ? null : Idle.INSTANCE;
        }
        boolean wasIdle = allIdle;
        allIdle = false;
        if (lowest <= watermark) {
            // Those who were told of the idleness must hear that time is kept again.
            return wasIdle ? new Watermark(watermark) : null;
        }
        watermark = lowest;
        return new Watermark(lowest);
    }

    /** Drops what is on the way, now and later. */
    public void abandon() {
        channels.forEach(Channel::abandon);
    }
}
