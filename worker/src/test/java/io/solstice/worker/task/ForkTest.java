package io.solstice.worker.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.common.id.StageId;
import io.solstice.exchange.batch.Barrier;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import io.solstice.exchange.channel.Channel;
import io.solstice.exchange.channel.LocalChannel;
import io.solstice.exchange.partition.Partitioner;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Branches in one task: what each of them gets, in which order, and what they wait for. */
class ForkTest {
    private final BufferAllocator memory = new RootAllocator();
    private final List<String> seen = new ArrayList<>();
    private final Channel plain = new LocalChannel(1 << 20, () -> {}, () -> {});
    private final Channel behind = new LocalChannel(1 << 20, () -> {}, () -> {});

    /** Gives each batch out again later, and says what it is told. */
    private final class Later implements BatchOperator {
        @Override
        public void process(Batch batch, Outbox out) {
            out.emitAll(List.of(batch).iterator());
        }

        @Override
        public void onWatermark(Watermark watermark, Outbox out) {
            seen.add("watermark " + watermark.micros());
        }

        @Override
        public void finish(Outbox out) {
            seen.add("finish");
            out.emit(rows(99));
        }

        @Override
        public void close() {
            seen.add("close");
        }
    }

    private static final class Failing implements BatchOperator {
        @Override
        public void process(Batch batch, Outbox out) {
            batch.close();
            throw new IllegalStateException("this branch is broken");
        }
    }

    @AfterEach
    void everythingIsGivenBack() {
        plain.abandon();
        behind.abandon();
        memory.close();
    }

    private Batch rows(long number) {
        return new RowWriter(null).write(List.of(Row.of("n", number)), memory);
    }

    private ChainLink link(BatchOperator operator) {
        StageId stage = new StageId("branch");
        OperatorMemory own = new OperatorMemory(stage, 0, 1);
        return new ChainLink(
                operator, new SteppedTask("run", "branch", 0, 1, memory, own), own, List.of(new StageCounters()));
    }

    private static Roads road(Channel channel) {
        return new Roads(List.of(new Roads.Edge(Partitioner.forward(0), List.of(channel), null, null, false)));
    }

    private static List<String> sent(Channel channel) {
        List<String> sent = new ArrayList<>();
        for (StreamElement element = channel.poll(); element != null; element = channel.poll()) {
            if (element instanceof Batch batch) {
                try (batch) {
                    sent.add("row " + new RowReader(batch).row(0).getLong("n"));
                }
            } else if (element instanceof Watermark watermark) {
                sent.add("watermark " + watermark.micros());
            } else {
                sent.add(element instanceof Barrier ? "barrier" : element instanceof EndOfInput ? "end" : "other");
            }
        }
        return sent;
    }

    private Fork fork(BatchOperator operator) {
        return new Fork(List.of(
                new Fork.Branch(List.of(link(operator)), road(behind)), new Fork.Branch(List.of(), road(plain))));
    }

    @Test
    void eachBranchGetsAllRowsAndSignalsInOrder() throws Exception {
        Fork fork = fork(new Later());
        OperatorChain chain = new OperatorChain(List.of(), fork);
        chain.open();
        chain.take(0, rows(1));
        assertThat(chain.hasPending()).as("a cut must wait").isTrue();
        assertThat(sent(plain)).containsExactly("row 1");
        while (chain.drainOne()) {
            assertThat(fork.hasRoom()).isTrue();
        }
        chain.watermark(new Watermark(7));
        assertThat(chain.hasPending()).isFalse();
        assertThat(fork.barrier(new Barrier(1, 0))).isEmpty();
        while (chain.finishOne()) {
            assertThat(chain.drainOne()).isFalse();
        }
        fork.end();
        assertThat(fork.isFlushed()).isTrue();
        assertThat(sent(behind)).containsExactly("row 1", "watermark 7", "barrier", "row 99", "end");
        assertThat(sent(plain)).containsExactly("watermark 7", "barrier", "end");
        chain.close();
        fork.close();
        assertThat(seen).containsExactly("watermark 7", "finish", "close");
    }

    @Test
    void theTaskWaitsWhileOneBranchHasNoRoom() throws Exception {
        Channel narrow = new LocalChannel(1, () -> {}, () -> {});
        Fork fork =
                new Fork(List.of(new Fork.Branch(List.of(), road(narrow)), new Fork.Branch(List.of(), road(plain))));
        OperatorChain chain = new OperatorChain(List.of(), fork);
        chain.open();
        for (int i = 0; i < 3; i++) {
            chain.take(0, rows(i));
        }
        assertThat(fork.hasRoom()).isFalse();
        assertThat(fork.isFlushed()).isFalse();
        assertThat(sent(plain)).hasSize(3);
        List<String> late = new ArrayList<>();
        while (!fork.isFlushed() || late.size() < 3) {
            late.addAll(sent(narrow));
        }
        assertThat(late).containsExactly("row 0", "row 1", "row 2");
        assertThat(fork.hasRoom()).isTrue();
        chain.close();
        fork.close();
    }

    @Test
    void aBranchThatFailsLeavesNothingBehind() throws Exception {
        Fork fork = fork(new Failing());
        OperatorChain chain = new OperatorChain(List.of(), fork);
        chain.open();
        assertThatThrownBy(() -> chain.take(0, rows(1))).hasMessageContaining("this branch is broken");
        chain.close();
        fork.close();
        assertThat(sent(plain)).isEmpty();
    }
}
