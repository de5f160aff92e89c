package io.solstice.exchange.channel;

import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.EndOfSide;
import io.solstice.exchange.batch.Idle;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import java.util.ArrayDeque;
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
 *
 * <p>An inbox with {@link Sides} also says from which upstream a batch is, and when one of them has ended. It may read
 * one of them to its end before the others, whose senders wait meanwhile; only what lies before a barrier that the
 * preferred one has delivered is let in, since a checkpoint needs it.
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
    private final @Nullable Sides sides;
    /** Channels of each upstream that have not ended. */
    private final int[] openOf;
    /** From which upstream the batch is that was handed out last. */
    private int side;
    /** What comes after the element that was handed out last. */
    private final ArrayDeque<StreamElement> next = new ArrayDeque<>();

    /**
     * From which upstreams the channels come.
     *
     * @param inputs for each channel the number of its upstream
     * @param first the upstream that is read to its end before the others, or {@link #NO_ORDER}
     */
    public record Sides(List<Integer> inputs, int first) {
        public static final int NO_ORDER = -1;

        public Sides {
            inputs = List.copyOf(inputs);
        }
    }

    public Inbox(List<Channel> channels) {
        this(channels, null, Clock.SYSTEM);
    }

    public Inbox(List<Channel> channels, Clock clock) {
        this(channels, null, clock);
    }

    /** @param sides null if it does not matter from which upstream a batch is */
    public Inbox(List<Channel> channels, @Nullable Sides sides, Clock clock) {
        this.sides = sides;
        this.openOf = new int[channels.size() + 1];
        if (sides != null) {
            sides.inputs().forEach(input -> openOf[input]++);
        }
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
        StreamElement due = next.poll();
        if (due != null) {
            return due;
        }
        int quiet = 0;
        while (quiet < ended.length) {
            int index = turn;
            turn = turn + 1 == ended.length ? 0 : turn + 1;
            StreamElement element = ended[index] || held[index] || isWithheld(index)
                    ? null
                    : channels.get(index).poll();
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

    /** Whether another upstream is read first. */
    private boolean isWithheld(int index) {
        return sides != null
                && sides.first() != Sides.NO_ORDER
                && sides.inputs().get(index) != sides.first()
                && openOf[sides.first()] > 0
                && aligning == NONE;
    }

    /** The upstream of the batch that was handed out last; 0 without {@link Sides}. */
    public int side() {
        return side;
    }

    private @Nullable StreamElement merged(int index, StreamElement element) {
        if (element instanceof Watermark mark) {
            watermarks[index] = Math.max(watermarks[index], mark.micros());
            boolean resumes = idle[index];
            idle[index] = false;
            StreamElement raised = time();
            if (resumes) {
                channels.get(index).resume(watermark);
            }
            return raised;
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
        handling.begins(channels.get(index).polledBytes());
        side = sides == null ? 0 : sides.inputs().get(index);
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
        // What follows the barrier comes again after a restore, since the end of that channel does.
        if (complete != null) {
            next.add(complete);
        }
        if (sides != null && --openOf[sides.inputs().get(index)] == 0) {
            next.add(new EndOfSide(sides.inputs().get(index)));
        }
        if (raised != null) {
            next.add(raised);
        }
        return next.poll();
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
