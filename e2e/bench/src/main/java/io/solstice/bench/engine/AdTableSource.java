package io.solstice.bench.engine;

import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.bench.adclick.AdTable;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** The campaigns of all ads: one split of one batch. */
record AdTableSource() implements Source {
    @Override
    public Schema schema() {
        return AdTable.schema();
    }

    @Override
    public List<Split> splits() {
        return List.of(new Split("ads", "", AdTable.ROWS));
    }

    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) {
        return new Reader(context.allocator(), position == 0);
    }

    private static final class Reader implements SourceReader {
        private final BufferAllocator allocator;
        private boolean unread;

        Reader(BufferAllocator allocator, boolean unread) {
            this.allocator = allocator;
            this.unread = unread;
        }

        @Override
        public @Nullable Batch read() {
            if (!unread) {
                return null;
            }
            unread = false;
            return AdTable.make(allocator);
        }

        @Override
        public void close() {}
    }
}
