package io.solstice.bench.exchange;

import io.solstice.common.protocol.Endpoint;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/** A bare Flight stream as Arrow's library makes it, with its zero-copy switch on. */
final class FlightWay implements Way {
    private final Endpoint receiver;
    private final BufferAllocator memory;

    FlightWay(Endpoint receiver, BufferAllocator memory) {
        this.receiver = receiver;
        this.memory = memory;
    }

    @Override
    public String name() {
        return "flight";
    }

    @Override
    public void send(long stream, List<Batch> batches, int count) throws Exception {
        try (FlightClient client = FlightClient.builder(
                                memory, Location.forGrpcInsecure(receiver.host(), receiver.port()))
                        .build();
                VectorSchemaRoot root = VectorSchemaRoot.create(batches.get(0).schema(), memory)) {
            AsyncPutListener answers = new AsyncPutListener();
            FlightClient.ClientStreamListener put = client.startPut(FlightDescriptor.path("bench"), root, answers);
            put.setUseZeroCopy(true);
            VectorLoader loader = new VectorLoader(root);
            for (int i = 0; i < count; i++) {
                Batch batch = batches.get(i % batches.size());
                try (ArrowRecordBatch columns = new VectorUnloader(batch.asRoot()).getRecordBatch()) {
                    loader.load(columns);
                }
                put.putNext();
            }
            put.completed();
            answers.getResult();
        }
    }
}
