package io.solstice.worker.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.solstice.api.operator.MapFunction;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Selection;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.Test;

/** In steady state the records of primitives that functions see and return are never made. */
class RecordAllocationTest {
    private static final int ROWS = 1 << 16;
    private static final int WARM_UP = 200;
    private static final int MEASURED = 20;

    private record Bid(long auction, long price, long at) {}

    private record BidUsd(long auction, long at, double price) {}

    @Test
    void noRecordIsMade() {
        try (BufferAllocator allocator = new RootAllocator();
                Batch batch = Batch.of(
                        List.of(column("auction", allocator), column("price", allocator), column("at", allocator)),
                        ROWS)) {
            RecordFailures none = (row, failure) -> {
                throw new AssertionError(failure);
            };
            MapFunction<Bid, BidUsd> toUsd = bid -> new BidUsd(bid.auction(), bid.at(), bid.price() * 0.908);
            RecordMap map = RecordMap.compile(Bid.class, BidUsd.class, toUsd, batch.schema(), false);
            assertThat(bytesPerRow(() -> map.apply(batch, allocator, none).close()))
                    .isLessThan(0.5);
            RecordFilter filter = RecordFilter.compile(Bid.class, bid -> bid.auction() % 123 == 0, batch.schema());
            Selection selection = new Selection();
            assertThat(bytesPerRow(() -> filter.select(batch, selection, allocator, none)))
                    .isLessThan(0.5);
        }
    }

    private static BigIntVector column(String name, BufferAllocator allocator) {
        FieldType type = FieldType.notNullable(new ArrowType.Int(64, true));
        BigIntVector vector = new BigIntVector(new Field(name, type, null), allocator);
        vector.allocateNew(ROWS);
        for (int i = 0; i < ROWS; i++) {
            vector.set(i, i * 31L);
        }
        vector.setValueCount(ROWS);
        return vector;
    }

    /** Compilation happens beside, so it is given time, in rounds, to replace the interpreter. */
    private static double bytesPerRow(Runnable batch) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        double bytes = Double.MAX_VALUE;
        for (int round = 0; round < 20 && bytes >= 0.5; round++) {
            for (int i = 0; i < WARM_UP; i++) {
                batch.run();
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < MEASURED; i++) {
                batch.run();
            }
            bytes = (threads.getCurrentThreadAllocatedBytes() - before) / (double) ROWS / MEASURED;
        }
        return bytes;
    }
}
