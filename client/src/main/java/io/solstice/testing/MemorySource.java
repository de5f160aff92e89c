package io.solstice.testing;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowSchema;
import io.solstice.api.row.RowWriter;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A source of rows that a test holds. It cuts them into splits, and each split into batches of random sizes from 1 row
 * up, some of them empty, by a seed: {@code Stage.source("in", MemorySource.of(rows).splits(3))}.
 */
public final class MemorySource implements Source {
    private final List<Row> rows;
    private final Schema schema;
    private final int splits;
    private final long seed;

    private MemorySource(List<Row> rows, Schema schema, int splits, long seed) {
        this.rows = rows;
        this.schema = schema;
        this.splits = splits;
        this.seed = seed;
    }

    /** With the schema that the rows show. */
    public static Builder of(List<Row> rows) {
        RowSchema found = new RowSchema();
        rows.forEach(found::include);
        return of(found.schema(), rows);
    }

    public static Builder of(Schema schema, List<Row> rows) {
        return new Builder(List.copyOf(rows), schema, 1, 0);
    }

    /** A supplier of sources, as {@code Stage.source} wants it. */
    public record Builder(List<Row> rows, Schema schema, int splits, long seed) implements Supplier<MemorySource> {
        /** Into how many splits the rows are divided. */
        public Builder splits(int pieces) {
            return new Builder(rows, schema, pieces, seed);
        }

        /** What decides the sizes of the batches. */
        public Builder seed(long value) {
            return new Builder(rows, schema, splits, value);
        }

        @Override
        public MemorySource get() {
            return new MemorySource(rows, schema, splits, seed);
        }
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public List<Split> splits() {
        List<Split> pieces = new ArrayList<>();
        for (int i = 0; i < splits; i++) {
            long from = (long) rows.size() * i / splits;
            long to = (long) rows.size() * (i + 1) / splits;
            pieces.add(new Split("rows " + from + ".." + to, from + "," + to, to - from));
        }
        return pieces;
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) {
        String[] range = split.payload().split(",", 2);
        List<Row> left = rows.subList(Integer.parseInt(range[0]) + (int) position, Integer.parseInt(range[1]));
        return new Reader(left, new Random(seed ^ split.id().hashCode()), context);
    }

    @Override
    public boolean blocks() {
        return false;
    }

    private final class Reader implements SourceReader {
        private final Random random;
        private final SourceContext context;
        private List<Row> left;

        Reader(List<Row> left, Random random, SourceContext context) {
            this.left = left;
            this.random = random;
            this.context = context;
        }

        @Override
        public @Nullable Batch read() {
            if (left.isEmpty()) {
                return null;
            }
            int size = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(Math.min(left.size(), 100));
            Batch batch = new RowWriter(schema).write(left.subList(0, size), context.allocator());
            left = left.subList(size, left.size());
            return batch;
        }

        @Override
        public void close() {}
    }
}
