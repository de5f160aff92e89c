package io.solstice.worker.task;

import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.FrequentKey;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.Idle;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.partition.Partitioner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All roads out of a task: for each edge a partitioner and its channels. What a channel refuses waits here, in order
 * for each channel, and while anything waits the task makes nothing new.
 */
public final class Roads implements TaskOutput {
    private final List<Edge> edges;
    private final AtomicLong waitingBytes = new AtomicLong();

    /** The roads along one edge of the graph. */
    public static final class Edge implements Partitioner.Delivery {
        private final Partitioner partitioner;
        private final List<Channel> channels;
        private final List<ArrayDeque<StreamElement>> waiting;
        /** Whether it takes late rows, and not the results. */
        private final boolean late;

        private final @Nullable Condenser condenser;
        private final @Nullable KeySample sample;
        /** Nothing is known of event time since the last signal. */
        private boolean idle;
        /** How often it was known again, and whether the receivers have yet to say that they heard of the last time. */
        private long resumes;

        private boolean unheard;

        /**
         * @param condenser null if all rows are sent as they are
         * @param sample null if rows are not divided by key
         * @param late whether it takes late rows, and not the results
         */
        public Edge(
                Partitioner partitioner,
                List<Channel> channels,
                @Nullable Condenser condenser,
                @Nullable KeySample sample,
                boolean late) {
            this.late = late;
            this.partitioner = partitioner;
            this.condenser = condenser;
            this.sample = sample;
            this.channels = List.copyOf(channels);
            this.waiting = channels.stream()
                    .map(channel -> new ArrayDeque<StreamElement>())
                    .toList();
        }

        @Override
        public void deliver(int channel, Batch part) {
            send(channel, part);
        }

        private void take(Batch batch) {
            if (sample != null) {
                sample.look(batch);
            }
            if (condenser == null) {
                divide(batch);
            } else {
                if (unheard && !idle) {
                    listen(condenser);
                }
                condenser.take(batch, this::divide);
            }
        }

        private void listen(Condenser resuming) {
            long reached = Watermark.NONE;
            for (Channel channel : channels) {
                Channel.Resumed resumed = channel.resumed();
                if (resumed.times() < resumes) {
                    return;
                }
                reached = Math.max(reached, resumed.watermark());
            }
            unheard = false;
            resuming.resume(reached);
        }

        private void divide(Batch batch) {
            partitioner.divide(batch, this);
        }

        private void send(Watermark watermark) {
            if (condenser != null) {
                condenser.watermark(watermark, this::divide);
            }
            if (idle) {
                idle = false;
                unheard = true;
                resumes++;
            }
            sendToAll(watermark);
        }

        private void sendIdle() {
            if (condenser != null) {
                condenser.idle(this::divide);
            }
            idle = true;
            sendToAll(Idle.INSTANCE);
        }

        private void sendBehindAll(StreamElement signal) {
            flushCondenser();
            sendToAll(signal);
        }

        private void flushCondenser() {
            if (condenser != null) {
                condenser.flush(this::divide);
            }
        }

        private long dueNanos() {
            return condenser == null ? Long.MAX_VALUE : condenser.dueNanos();
        }

        private void send(int channel, StreamElement element) {
            waiting.get(channel).add(element);
            flush(channel);
        }

        private void sendToAll(StreamElement signal) {
            for (int i = 0; i < channels.size(); i++) {
                send(i, signal);
            }
        }

        private long flush() {
            long bytes = 0;
            for (int i = 0; i < channels.size(); i++) {
                flush(i);
                for (StreamElement element : waiting.get(i)) {
                    bytes += Math.max(1, element.byteSize());
                }
            }
            return bytes;
        }

        /** What a broken channel does not take stays here, to be dropped with the rest. */
        private void flush(int channel) {
            ArrayDeque<StreamElement> queue = waiting.get(channel);
            while (!queue.isEmpty() && channels.get(channel).offer(queue.peek())) {
                queue.remove();
            }
        }

        private void drop() {
            for (ArrayDeque<StreamElement> queue : waiting) {
                queue.forEach(StreamElement::discard);
                queue.clear();
            }
        }
    }

    public Roads(List<Edge> edges) {
        this.edges = List.copyOf(edges);
    }

    @Override
    public void take(Batch batch) {
        divide(batch, false);
    }

    private void divide(Batch batch, boolean late) {
        try (batch) {
            for (Edge edge : edges) {
                if (edge.late == late) {
                    edge.take(batch.share());
                }
            }
        }
    }

    /** Where late rows go, handed over; null if no stage takes them. */
    public @Nullable Consumer<Batch> late() {
        return edges.stream().anyMatch(edge -> edge.late) ? batch -> divide(batch, true) : null;
    }

    @Override
    public void watermark(Watermark watermark) {
        edges.forEach(edge -> edge.send(watermark));
    }

    @Override
    public void idle() {
        edges.forEach(Edge::sendIdle);
    }

    @Override
    public List<Committable> barrier(Barrier barrier) {
        edges.forEach(edge -> edge.sendBehindAll(barrier));
        return List.of();
    }

    @Override
    public boolean hasRoom() {
        if (flush() > 0) {
            return false;
        }
        boolean room = edges.stream().allMatch(edge -> edge.partitioner.hasRoom(edge.channels));
        if (!room) {
            // Nothing has been made that would wait, and yet the task stands still for want of room.
            waitingBytes.setOpaque(1);
        }
        return room;
    }

    private long flush() {
        long bytes = 0;
        for (Edge edge : edges) {
            bytes += edge.flush();
        }
        waitingBytes.setOpaque(bytes);
        return bytes;
    }

    @Override
    public long dueNanos() {
        long due = Long.MAX_VALUE;
        for (Edge edge : edges) {
            due = Math.min(due, edge.dueNanos());
        }
        return due;
    }

    @Override
    public void onClock() {
        for (Edge edge : edges) {
            if (edge.dueNanos() <= 0) {
                edge.flushCondenser();
            }
        }
    }

    @Override
    public void end() {
        edges.forEach(edge -> edge.sendBehindAll(EndOfInput.INSTANCE));
    }

    @Override
    public boolean isFlushed() {
        return flush() == 0;
    }

    @Override
    public List<Committable> sealed() {
        return List.of();
    }

    /** Bytes that wait for room, more than 0 as long as there is none; may be called by any thread. */
    public long waitingBytes() {
        return waitingBytes.getOpaque();
    }

    /** Which keys most of the rows have that are divided by key; may be called by any thread. */
    public List<FrequentKey> frequentKeys() {
        List<FrequentKey> found = new ArrayList<>();
        for (Edge edge : edges) {
            FrequentKey most = edge.sample == null ? null : edge.sample.found();
            if (most != null) {
                found.add(most);
            }
        }
        return found;
    }

    @Override
    public void close() {
        edges.forEach(Edge::drop);
    }
}
