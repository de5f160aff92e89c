package io.solstice.bench.engine;

import com.sun.management.ThreadMXBean;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Counts the heap that a chain of stages allocates. The source, the operators and the sink of a chain run on one
 * thread, so the reader sees all of it between two of its calls.
 */
record AllocationProbe(Source source, long warmRows, DoubleConsumer bytesPerRow) implements Source {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Override
    public Schema schema() throws Exception {
        return source.schema();
    }

    @Override
    public List<Split> splits() throws Exception {
        return source.splits();
    }

    @Override
    public boolean blocks() {
        return source.blocks();
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) throws Exception {
        return new Reader(source.open(split, position, context));
    }

    @Override
    public void close() throws Exception {
        source.close();
    }

    private final class Reader implements SourceReader {
        private final SourceReader reader;
        private long rows;
        private long rowsWhenWarm;
        private long bytesWhenWarm;

        Reader(SourceReader reader) {
            this.reader = reader;
        }

        @Override
        public @Nullable Batch read() throws Exception {
            if (rowsWhenWarm == 0 && rows >= warmRows) {
                rowsWhenWarm = rows;
                bytesWhenWarm = allocated();
            }
            Batch batch = reader.read();
            if (batch != null) {
                rows += batch.rowCount();
            } else if (rowsWhenWarm > 0) {
                bytesPerRow.accept((double) (allocated() - bytesWhenWarm) / (rows - rowsWhenWarm));
            }
            return batch;
        }

        private static long allocated() {
            return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        }

        @Override
        public void close() throws Exception {
            reader.close();
        }
    }
}
