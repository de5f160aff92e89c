package io.solstice.exchange.channel;

import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import org.jspecify.annotations.Nullable;

/**
 * The one-way road between two tasks. One thread sends, one receives, elements keep their order, and the bytes on the
 * way are bounded.
 */
public interface Channel {
    /** So many bytes may be on the way to a task before it is known how fast it handles them. */
    long FIRST_LIMIT_BYTES = 1 << 20;

    /**
     * Sends an element, or refuses it because there is no room. Accepted: the channel owns it. Refused: the sender
     * still does. Signals are never refused. A broken channel throws a coded error, and the element stays the sender's.
     */
    boolean offer(StreamElement element);

    /** How many more bytes the receiver will take now; may be negative. */
    long room();

    /**
     * Lets at most so many bytes be on the way from now on, as far as the channel's budget allows; one batch always may.
     * Called by the receiver, for whom more would have to wait too long.
     */
    void limit(long bytes);

    /** The next element, handed over to the receiver, or null if there is none now; a coded error if it broke. */
    @Nullable
    StreamElement poll();

    /** How much the element that {@link #poll} gave last took of the limit. Called by the receiver. */
    long polledBytes();

    /**
     * A watermark has been received after the sender was idle, and so time waits for the sender again. Called by the
     * receiver, which tells it how far time has come meanwhile.
     */
    void resume(long watermark);

    /** What the receiver has told with {@link #resume}. Called by the sender. */
    Resumed resumed();

    /**
     * @param times how often it has told
     * @param watermark the latest that it told
     */
    record Resumed(long times, long watermark) {
        public static final Resumed NEVER = new Resumed(0, Watermark.NONE);

        /** Told once more. */
        public Resumed again(long told) {
            return new Resumed(times + 1, Math.max(watermark, told));
        }
    }

    /** Drops what is on the way and everything that is still sent. Called by the receiver when it ends early. */
    void abandon();
}
