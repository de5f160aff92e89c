package io.solstice.exchange.flight;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.ticket.RunSecret;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.channel.ChannelId;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/**
 * The receiver's end. gRPC's threads put messages into its queue as they come; the receiving task's thread takes them
 * out, checks them, moves their columns into its own memory and gives the credit back.
 */
final class ReceivingChannel implements Channel {
    private final ChannelId id;
    private final RunSecret secret;
    private final long budgetBytes;
    /** Of the budget, what the sender gets at the beginning. */
    private final long firstBytes;

    private final FrameReader reader;
    private final Runnable wakeReceiver;
    private final ConcurrentLinkedQueue<IncomingFrame> frames = new ConcurrentLinkedQueue<>();

    /** What the sender has been charged for and has not got back, or has never been given. */
    private final AtomicLong chargedBytes;

    private final AtomicReference<@Nullable ReceivingCall> call = new AtomicReference<>();
    private volatile @Nullable SolsticeError failure;
    private volatile boolean dropping;

    /** Of gRPC's threads. */
    private boolean endCame;

    /** Not, or not yet, the sender's: so that not every batch needs an answer, and to keep to the limit. */
    private long takenBytes;

    private long limitBytes;
    private long polledBytes;

    ReceivingChannel(ChannelId id, RunSecret secret, long budgetBytes, BufferAllocator memory, Runnable wakeReceiver) {
        this.id = id;
        this.secret = secret;
        this.budgetBytes = budgetBytes;
        this.firstBytes = Math.min(budgetBytes, FIRST_LIMIT_BYTES);
        this.limitBytes = firstBytes;
        this.takenBytes = budgetBytes - firstBytes;
        this.chargedBytes = new AtomicLong(takenBytes);
        this.reader = new FrameReader(memory);
        this.wakeReceiver = wakeReceiver;
    }

    ChannelId id() {
        return id;
    }

    RunSecret secret() {
        return secret;
    }

    @Override
    public @Nullable StreamElement poll() {
        while (!dropping) {
            SolsticeError error = failure;
            if (error != null) {
                throw error.toException();
            }
            IncomingFrame frame = frames.poll();
            if (frame == null) {
                return null;
            }
            polledBytes = frame.bytes();
            StreamElement element = read(frame);
            if (element != null) {
                return element;
            }
        }
        return null;
    }

    @Override
    public long polledBytes() {
        return polledBytes;
    }

    private @Nullable StreamElement read(IncomingFrame frame) {
        try {
            StreamElement element = reader.read(frame);
            giveBack(frame.bytes());
            return element;
        } catch (OutOfMemoryException full) {
            throw failed(ErrorCode.MEMORY_LIMIT
                    .error("a task has no memory left to receive into")
                    .where("channel " + id)
                    .cause(String.valueOf(full.getMessage()))
                    .help("raise the memory limit, or lower the parallelism or the batch size"));
        } catch (IOException | RuntimeException malformed) {
            throw failed(ChannelErrors.corrupt(id, peer(), String.valueOf(malformed.getMessage())));
        }
    }

    private SolsticeException failed(SolsticeError error) {
        fail(error);
        return error.toException();
    }

    private void giveBack(long bytes) {
        takenBytes += bytes;
        long due = takenBytes - (budgetBytes - limitBytes);
        ReceivingCall open = call.get();
        if (due > 0 && due >= limitBytes / 4 && open != null) {
            chargedBytes.addAndGet(-due);
            open.credit(due);
            takenBytes -= due;
        }
    }

    @Override
    public void limit(long bytes) {
        limitBytes = Math.max(1, Math.min(budgetBytes, bytes));
        giveBack(0);
    }

    private String peer() {
        ReceivingCall open = call.get();
        return open == null ? "not yet connected" : open.peer();
    }

    /** Takes the call as the channel's only one. */
    boolean bind(ReceivingCall opened) {
        if (!call.compareAndSet(null, opened)) {
            return false;
        }
        opened.accept(firstBytes);
        if (dropping) {
            opened.finish();
        }
        return true;
    }

    /** A message has come. On gRPC's threads, one at a time. */
    void take(IncomingFrame frame) {
        endCame |= frame.meta().kind() == FrameMeta.Kind.END;
        long bytes = frame.bytes();
        long before = chargedBytes.getAndAdd(bytes);
        if (bytes > 0 && before >= budgetBytes && !dropping) {
            frame.close();
            fail(ChannelErrors.corrupt(id, peer(), bytes + " bytes came without credit"));
            return;
        }
        frames.add(frame);
        if (dropping || failure != null) {
            dropAll();
        }
        wakeReceiver.run();
    }

    /** No more can come. On any thread; the first failure counts. */
    void fail(SolsticeError error) {
        if (failure == null && !dropping) {
            failure = error;
        }
        ReceivingCall open = call.get();
        if (open != null) {
            open.refuse(error);
        }
        dropAll();
        wakeReceiver.run();
    }

    /** The sender has closed its side, which it may do only after the end of input. */
    void ended() {
        if (!endCame) {
            fail(ChannelErrors.corrupt(id, peer(), "the stream ended before its end of input"));
        }
    }

    /** The connection broke before the sender said that it was done. */
    void lost() {
        fail(ChannelErrors.lost(id, peer(), "the sender's worker ended, was cut off, or ended the run"));
    }

    @Override
    public boolean offer(StreamElement element) {
        throw new UnsupportedOperationException("the receiver's end of " + id);
    }

    @Override
    public void resume(long watermark) {
        ReceivingCall open = call.get();
        if (open != null) {
            open.resumed(watermark);
        }
    }

    @Override
    public Resumed resumed() {
        throw new UnsupportedOperationException("the receiver's end of " + id);
    }

    @Override
    public long room() {
        return budgetBytes - chargedBytes.get();
    }

    @Override
    public void abandon() {
        dropping = true;
        ReceivingCall open = call.get();
        if (open != null) {
            open.finish();
        }
        dropAll();
    }

    private void dropAll() {
        for (IncomingFrame frame = frames.poll(); frame != null; frame = frames.poll()) {
            frame.close();
        }
    }
}
