package io.solstice.exchange.partition;

import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.exchange.channel.Channel;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Divides a task's output among the channels of one edge. Used by one thread. */
public interface Partitioner {
    /** Where a part of a batch shall go. */
    interface Delivery {
        /** Takes over the part. */
        void deliver(int channel, Batch part);
    }

    /** Takes over the batch and delivers each of its rows to one channel, or all of them to every channel. */
    void divide(Batch batch, Delivery delivery);

    /** Whether there is room for the parts of a batch, as far as one can know before it is there. */
    default boolean hasRoom(List<Channel> channels) {
        for (Channel channel : channels) {
            if (channel.room() <= 0) {
                return false;
            }
        }
        return true;
    }

    /** Everything to one channel. */
    static Partitioner forward(int channel) {
        return (batch, delivery) -> delivery.deliver(channel, batch);
    }

    /** Everything to every channel, sharing the columns. */
    static Partitioner broadcast(int channels) {
        return (batch, delivery) -> {
            try (batch) {
                for (int i = 0; i < channels; i++) {
                    delivery.deliver(i, batch.share());
                }
            }
        };
    }

    /** Whole batches to the channel with the most room, in turn where they have equally much. */
    static Partitioner rebalance(List<Channel> channels, int firstTurn) {
        return new Rebalance(channels, firstTurn);
    }

    /** Each row to the task that owns the key group of its key columns. */
    static Partitioner hash(List<String> keys, int keyGroups, int channels, BufferAllocator allocator) {
        return new HashByKeyGroup(keys, keyGroups, channels, allocator);
    }

    /** See {@link #rebalance}. */
    final class Rebalance implements Partitioner {
        private final List<Channel> channels;
        private int turn;

        private Rebalance(List<Channel> channels, int firstTurn) {
            this.channels = channels;
            this.turn = firstTurn % channels.size();
        }

        @Override
        public boolean hasRoom(List<Channel> to) {
            for (Channel channel : channels) {
                if (channel.room() > 0) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void divide(Batch batch, Delivery delivery) {
            int best = turn;
            for (int i = 1; i < channels.size(); i++) {
                int candidate = (turn + i) % channels.size();
                if (channels.get(candidate).room() > channels.get(best).room()) {
                    best = candidate;
                }
            }
            turn = (best + 1) % channels.size();
            delivery.deliver(best, batch);
        }
    }

    /** See {@link #hash}. */
    final class HashByKeyGroup implements Partitioner {
        private final List<String> keys;
        private final int[] taskOfGroup;
        private final Selection[] selections;
        private final BufferAllocator allocator;
        private long[] hashes = new long[0];

        private HashByKeyGroup(List<String> keys, int keyGroups, int channels, BufferAllocator allocator) {
            this.keys = keys;
            this.allocator = allocator;
            this.taskOfGroup = new int[keyGroups];
            for (int group = 0; group < keyGroups; group++) {
                taskOfGroup[group] = KeyHash.task(group, keyGroups, channels);
            }
            this.selections = new Selection[channels];
            for (int i = 0; i < channels; i++) {
                selections[i] = new Selection();
            }
        }

        @Override
        public void divide(Batch batch, Delivery delivery) {
            if (selections.length == 1) {
                delivery.deliver(0, batch);
                return;
            }
            try (batch) {
                select(batch);
                for (int i = 0; i < selections.length; i++) {
                    if (selections[i].rowCount() > 0) {
                        delivery.deliver(i, Gather.rows(batch, selections[i], allocator));
                    }
                }
            }
        }

        private void select(Batch batch) {
            int rows = batch.rowCount();
            if (hashes.length < rows) {
                hashes = new long[rows];
            }
            FieldVector[] columns = new FieldVector[keys.size()];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = batch.column(keys.get(i));
            }
            KeyHash.hash(columns, rows, hashes);
            for (Selection selection : selections) {
                selection.clear();
            }
            for (int row = 0; row < rows; row++) {
                int group = KeyHash.keyGroup(hashes[row], taskOfGroup.length);
                selections[taskOfGroup[group]].add(row);
            }
        }
    }
}
