package io.solstice.worker.builtin;

import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.sink.Guarantee;
import io.solstice.api.sink.PrintSink;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link PrintSink}: at least once by nature, since what has been printed stays printed. */
final class Printer implements Sink {
    private static final Logger LOG = LoggerFactory.getLogger(PrintSink.class);

    private final PrintSink definition;

    Printer(PrintSink definition) {
        this.definition = definition;
    }

    @Override
    public SinkWriter open(SinkContext context) {
        return new Writer(System.out);
    }

    @Override
    public void commit(List<Committable> sealed, SinkCommit which) {}

    @Override
    public Guarantee guarantee() {
        return Guarantee.AT_LEAST_ONCE;
    }

    @Override
    public void discard(List<Committable> sealed) {}

    private final class Writer implements SinkWriter {
        private final PrintStream out;
        private long count;

        Writer(PrintStream out) {
            this.out = out;
        }

        @Override
        public void write(Batch batch) {
            RowReader reader = new RowReader(batch);
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < batch.rowCount(); i++) {
                count++;
                if (definition.limit() == 0 || count <= definition.limit()) {
                    append(lines, reader.row(i));
                }
            }
            out.print(lines);
            out.flush();
        }

        private void append(StringBuilder lines, Row row) {
            if (definition.label().isEmpty()) {
                Object key = row.get(KeyByOperator.KEY_COLUMN);
                lines.append('[').append(count).append("] Key: ").append(key).append(", Value: ");
            } else {
                lines.append(definition.label()).append(" #").append(count).append(": ");
            }
            boolean plain = !definition.label().isEmpty() && row.names().size() == 1;
            Object only = plain ? row.get(row.names().get(0)) : null;
            lines.append(only instanceof String ? only : row).append('\n');
        }

        @Override
        public @Nullable String seal() {
            LOG.info("Processed {} records total", count);
            return null;
        }

        @Override
        public void close() {}
    }
}
