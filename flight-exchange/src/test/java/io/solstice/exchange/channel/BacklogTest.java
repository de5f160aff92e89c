package io.solstice.exchange.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.StreamElement;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A source of a steady stream, which makes a batch of what is due as often as its task has room, and a receiver that
 * takes a little longer for a small batch than the source. Both in virtual time: a delay must not keep itself up.
 */
class BacklogTest {
    private static final long ROW_NANOS = 10_000;
    private static final long SENDING_NANOS = 20_000;
    private static final long BATCH_NANOS = 30_000;
    private static final long HANDLED_ROW_NANOS = 1_000;
    private static final long SECOND = 1_000_000_000;

    private final BufferAllocator allocator = new RootAllocator();
    private long receiverNanos;
    private boolean awake = true;
    private final LocalChannel channel = new LocalChannel(64 << 20, () -> awake = true, () -> {});
    private final Inbox inbox = new Inbox(List.of(channel), new Clock() {
        @Override
        public long wallMillis() {
            return 0;
        }

        @Override
        public long monotonicNanos() {
            return receiverNanos;
        }
    });
    private long senderNanos;
    private long sentRows;
    private long oldestDue;
    private int sentBatches;

    @AfterEach
    void nothingIsLeft() {
        channel.abandon();
        allocator.close();
    }

    private Batch batch(int rows) {
        BigIntVector due = new BigIntVector("due", allocator);
        due.allocateNew(rows);
        for (int i = 0; i < rows; i++) {
            due.set(i, (sentRows + i) * ROW_NANOS);
        }
        due.setValueCount(rows);
        return Batch.of(List.of(due), rows);
    }

    /** The sender does what it can until then. */
    private void sendUntil(long moment) {
        while (senderNanos < moment) {
            awake &= channel.room() > 0;
            int rows = (int) Math.min(4_096, senderNanos / ROW_NANOS - sentRows);
            if (awake && rows > 0) {
                assertThat(channel.offer(batch(rows))).isTrue();
                sentRows += rows;
                sentBatches++;
            }
            senderNanos = awake ? senderNanos + SENDING_NANOS : moment;
        }
    }

    /** Handles one batch, or waits for one. */
    private void receive() {
        sendUntil(receiverNanos);
        StreamElement element = inbox.poll();
        if (element instanceof Batch batch) {
            try (batch) {
                oldestDue = ((BigIntVector) batch.column(0)).get(0);
                receiverNanos += BATCH_NANOS + batch.rowCount() * HANDLED_ROW_NANOS;
            }
        } else {
            receiverNanos += SENDING_NANOS;
        }
    }

    private long worstDelayUntil(long moment) {
        long worst = 0;
        while (receiverNanos < moment) {
            receive();
            worst = Math.max(worst, receiverNanos - oldestDue);
        }
        return worst;
    }

    @Test
    void aReceiverThatStoodStillCatchesUp() {
        worstDelayUntil(SECOND / 10);
        receiverNanos += SECOND / 20;
        assertThat(worstDelayUntil(SECOND / 5)).isGreaterThan(SECOND / 20);
        assertThat(worstDelayUntil(SECOND)).isLessThan(SECOND / 200);
    }

    @Test
    void whoIsSlowerThanTheSourceGetsLargerBatchesAndNotALongRowOfSmallOnes() {
        worstDelayUntil(SECOND / 10);
        int before = sentBatches;
        assertThat(worstDelayUntil(SECOND)).isLessThan(SECOND / 200);
        long rowsOfABatch = (SECOND - SECOND / 10) / ROW_NANOS / (sentBatches - before);
        assertThat(rowsOfABatch).isGreaterThan(SENDING_NANOS / ROW_NANOS);
    }
}
