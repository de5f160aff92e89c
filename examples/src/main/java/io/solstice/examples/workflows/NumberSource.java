package io.solstice.examples.workflows;

import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Counts from 1 to {@code maxNum}, one number every ten milliseconds: the least that a source of one's own needs. */
public final class NumberSource implements Source {
    private static final long PAUSE_MILLIS = 10;
    private static final Schema SCHEMA =
            new Schema(List.of(new Field("number", FieldType.notNullable(new ArrowType.Int(64, true)), null)));

    private final long maxNum;

    public NumberSource(long maxNum) {
        this.maxNum = maxNum;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    /** All numbers are one split; a source that can be read in parts has one for each. */
    @Override
    public List<Split> splits() {
        return List.of(new Split("numbers", "", maxNum));
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) {
        return new Reader(position, maxNum, context.allocator());
    }

    private static final class Reader implements SourceReader {
        private final long maxNum;
        private final BufferAllocator allocator;
        private long current;

        Reader(long current, long maxNum, BufferAllocator allocator) {
            this.current = current;
            this.maxNum = maxNum;
            this.allocator = allocator;
        }

        @Override
        public @Nullable Batch read() throws InterruptedException {
            if (current >= maxNum) {
                return null;
            }
            Thread.sleep(PAUSE_MILLIS);
            current++;
            BigIntVector number = (BigIntVector) SCHEMA.getFields().get(0).createVector(allocator);
            number.allocateNew(1);
            number.set(0, current);
            number.setValueCount(1);
            return Batch.of(SCHEMA, List.of(number), 1);
        }

        @Override
        public void close() {}
    }
}
