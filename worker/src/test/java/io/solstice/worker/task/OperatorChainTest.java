package io.solstice.worker.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.operator.BatchOperator;
import io.solstice.api.operator.Outbox;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.row.RowWriter;
import io.solstice.common.id.StageId;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Watermark;
import io.solstice.spi.TwoInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

/** The order of rows and watermarks along a chain. */
class OperatorChainTest {
    private final List<String> seen = new ArrayList<>();

    /** Gives out rows, one at a time, whenever the watermark moves on. */
    private record Giving(BufferAllocator memory) implements BatchOperator {
        @Override
        public void process(Batch batch, Outbox out) {
            out.emit(batch);
        }

        @Override
        public void onWatermark(Watermark watermark, Outbox out) {
            out.emitAll(LongStream.range(0, 2)
                    .mapToObj(n -> new RowWriter(null).write(List.of(Row.of("n", watermark.micros() + n)), memory))
                    .iterator());
        }
    }

    private record Watching(List<String> seen) implements BatchOperator {
        @Override
        public void process(Batch batch, Outbox out) {
            try (batch) {
                seen.add("row " + new RowReader(batch).row(0).getLong("n"));
            }
        }

        @Override
        public void onWatermark(Watermark watermark, Outbox out) {
            seen.add("watermark " + watermark.micros());
        }
    }

    @Test
    void aWatermarkComesBehindTheRowsThatItBroughtOut() throws Exception {
        try (BufferAllocator memory = new RootAllocator()) {
            SteppedTask context =
                    new SteppedTask("run", "stage", 0, 1, memory, new OperatorMemory(new StageId("stage"), 0, 1));
            OperatorChain chain = new OperatorChain(
                    List.of(link(new Giving(memory), context), link(new Watching(seen), context)),
                    new Roads(List.of()));
            chain.open();
            for (long micros : new long[] {10, 20}) {
                chain.watermark(new Watermark(micros));
                assertThat(chain.hasPending()).as("a cut must wait").isTrue();
                while (chain.drainOne()) {
                    assertThat(memory.getAllocatedMemory()).as("taken at once").isZero();
                }
            }
            chain.close();
        }
        assertThat(seen).containsExactly("row 10", "row 11", "watermark 10", "row 20", "row 21", "watermark 20");
    }

    /** What an operator gives out may be older than the watermark, by 7. */
    private record Older(List<String> seen) implements TwoInputs {
        @Override
        public Schema outputSchema(Schema left, Schema right) {
            return left;
        }

        @Override
        public void bind(Schema left, Schema right) {}

        @Override
        public void process(int input, Batch batch, Outbox out) {
            seen.add("batch of " + input);
            out.emit(batch);
        }

        @Override
        public void ended(int input, Outbox out) {
            seen.add("end of " + input);
        }

        @Override
        public long delayMicros() {
            return 7;
        }
    }

    @Test
    void anOperatorWithTwoInputsKnowsWhoseABatchIsAndHoldsTimeBack() throws Exception {
        try (BufferAllocator memory = new RootAllocator()) {
            SteppedTask context =
                    new SteppedTask("run", "stage", 0, 1, memory, new OperatorMemory(new StageId("stage"), 0, 1));
            OperatorChain chain = new OperatorChain(
                    List.of(link(new Older(seen), context), link(new Watching(seen), context)), new Roads(List.of()));
            chain.open();
            chain.take(TwoInputs.RIGHT, new RowWriter(null).write(List.of(Row.of("n", 3L)), memory));
            chain.endOfSide(TwoInputs.RIGHT);
            for (long micros : new long[] {Watermark.NONE, Watermark.NONE + 2, 10, Long.MAX_VALUE}) {
                chain.watermark(new Watermark(micros));
            }
            chain.close();
        }
        assertThat(seen)
                .containsExactly(
                        "batch of 1",
                        "row 3",
                        "end of 1",
                        "watermark " + Watermark.NONE,
                        "watermark " + Watermark.NONE,
                        "watermark 3",
                        "watermark " + Long.MAX_VALUE);
    }

    private static ChainLink link(BatchOperator operator, SteppedTask context) {
        StageId stage = new StageId("stage");
        return new ChainLink(operator, context, new OperatorMemory(stage, 0, 1), List.of(new StageCounters()));
    }
}
