package io.solstice.stream.result;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowReader;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the figures of a pipeline into the log: with each checkpoint that changes them, and at the end. */
public final class MetricsSink implements Sink {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsSink.class);

    private final String pipeline;

    public MetricsSink(String pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public SinkWriter open(SinkContext context) {
        return new Newest();
    }

    @Override
    public void commit(List<Committable> sealed, SinkCommit which) {
        sealed.forEach(figures -> LOG.info("results of pipeline '{}': {}", pipeline, figures.payload()));
    }

    @Override
    public void discard(List<Committable> sealed) {}

    /** Each row of figures replaces those before it. */
    private static final class Newest implements SinkWriter {
        private @Nullable Row figures;

        @Override
        public void write(Batch batch) {
            figures = new RowReader(batch).row(batch.rowCount() - 1);
        }

        @Override
        public @Nullable String seal() throws IOException {
            return figures == null ? null : ResultText.json(figures);
        }

        @Override
        public void close() {}
    }
}
