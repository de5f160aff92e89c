package io.solstice.worker.flight;

import io.solstice.api.sink.Guarantee;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.protocol.Committable;
import io.solstice.exchange.batch.Batch;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** {@code FlightSink}: each task writes an Arrow IPC stream into the output that it registered. */
final class OutputSink implements Sink {
    private final Function<SinkContext, Output> register;

    OutputSink(Function<SinkContext, Output> register) {
        this.register = register;
    }

    @Override
    public SinkWriter open(SinkContext context) throws IOException {
        return new Writer(register.apply(context), context.inputSchema());
    }

    @Override
    public void commit(List<Committable> sealed, SinkCommit which) {}

    /** Readers have the rows as soon as they are written. */
    @Override
    public Guarantee guarantee() {
        return Guarantee.AT_LEAST_ONCE;
    }

    @Override
    public void discard(List<Committable> sealed) {}

    private static final class Writer implements SinkWriter {
        private final Output output;
        private final WriteChannel channel;
        private @Nullable Schema schema;

        Writer(Output output, @Nullable Schema known) throws IOException {
            this.output = output;
            this.channel = new WriteChannel(output.log());
            if (known != null) {
                begin(known);
            }
        }

        private Schema begin(Schema rows) throws IOException {
            schema = rows;
            output.schema().set(rows);
            MessageSerializer.serialize(channel, rows);
            output.log().publish();
            return rows;
        }

        @Override
        public void write(Batch batch) throws IOException {
            Schema known = schema == null ? begin(batch.schema()) : schema;
            if (!known.equals(batch.schema())) {
                throw ErrorCode.SCHEMA_CHANGED
                        .error("a Flight stream cannot change its columns")
                        .cause("found " + batch.schema() + ", expected " + known)
                        .help("give the operators before the sink one schema")
                        .toException();
            }
            try (ArrowRecordBatch columns = new VectorUnloader(batch.asRoot()).getRecordBatch()) {
                MessageSerializer.serialize(channel, columns);
            }
            output.log().publish();
        }

        @Override
        public @Nullable String seal() throws IOException {
            if (schema == null) {
                begin(new Schema(List.of()));
            }
            output.log().complete();
            output.ended();
            return null;
        }

        @Override
        public void close() {
            output.log().abort();
            output.ended();
        }
    }
}
