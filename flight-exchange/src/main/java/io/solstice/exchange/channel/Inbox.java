package io.solstice.exchange.channel;

import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All roads into a task. Batches come as they arrive, channel by channel in turn; a watermark comes when the smallest
 * over all channels has risen; the end of input when every channel has ended. Used by the task's thread.
 */
public final class Inbox {
    private final List<Channel> channels;
    private final boolean[] ended;
    private final long[] watermarks;
    private long watermark = Long.MIN_VALUE;
    private int open;
    private int turn;

    public Inbox(List<Channel> channels) {
        this.channels = List.copyOf(channels);
        this.ended = new boolean[channels.size()];
        this.watermarks = new long[channels.size()];
        Arrays.fill(watermarks, Long.MIN_VALUE);
        this.open = channels.size();
    }

    /** The next element for the task, handed over, or null if there is none now. */
    public @Nullable StreamElement poll() {
        int quiet = 0;
        while (quiet < ended.length) {
            int index = turn;
            turn = turn + 1 == ended.length ? 0 : turn + 1;
            StreamElement next = ended[index] ? null : channels.get(index).poll();
            if (next == null) {
                quiet++;
                continue;
            }
            quiet = 0;
            StreamElement forTask = merged(index, next);
            if (forTask != null) {
                return forTask;
            }
        }
        return null;
    }

    private @Nullable StreamElement merged(int index, StreamElement next) {
        if (next instanceof Watermark mark) {
            watermarks[index] = Math.max(watermarks[index], mark.micros());
            return raisedWatermark();
        }
        if (next instanceof EndOfInput) {
            ended[index] = true;
            open--;
            return open == 0 ? next : raisedWatermark();
        }
        return next;
    }

    /** Called while a channel is open, so that there is a smallest one. */
    private @Nullable Watermark raisedWatermark() {
        long lowest = Long.MAX_VALUE;
        for (int i = 0; i < ended.length; i++) {
            if (!ended[i]) {
                lowest = Math.min(lowest, watermarks[i]);
            }
        }
        if (lowest <= watermark) {
            return null;
        }
        watermark = lowest;
        return new Watermark(lowest);
    }

    /** Drops what is on the way, now and later. */
    public void abandon() {
        channels.forEach(Channel::abandon);
    }
}
