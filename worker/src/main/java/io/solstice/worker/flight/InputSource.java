package io.solstice.worker.flight;

import io.solstice.api.source.FlightSource;
import io.solstice.api.source.Source;
import io.solstice.api.source.SourceContext;
import io.solstice.api.source.SourceReader;
import io.solstice.common.protocol.Split;
import io.solstice.exchange.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** {@code FlightSource}: each task has one split, the place that takes streams while the task has it open. */
final class InputSource implements Source {
    private final FlightSource definition;
    private final Registration registration;

    /** Makes a place known to clients, for as long as it is not closed. */
    @FunctionalInterface
    interface Registration {
        void opened(SourceContext context, InputPlace place);
    }

    InputSource(FlightSource definition, Registration registration) {
        this.definition = definition;
        this.registration = registration;
    }

    @Override
    public Schema schema() {
        return definition.schema();
    }

    @Override
    public List<Split> splits() {
        List<Split> splits = new ArrayList<>();
        for (int i = 0; i < definition.places(); i++) {
            splits.add(Split.of(i, "place " + i));
        }
        return splits;
    }

    @Override
    public boolean isBounded() {
        return definition.streams() > 0;
    }

    @Override
    public SourceReader open(Split split, long position, SourceContext context) {
        InputPlace place = new InputPlace(definition.schema(), definition.streams());
        registration.opened(context, place);
        return new Reader(place, context.allocator());
    }

    private static final class Reader implements SourceReader {
        private final InputPlace place;
        private final BufferAllocator allocator;

        Reader(InputPlace place, BufferAllocator allocator) {
            this.place = place;
            this.allocator = allocator;
        }

        @Override
        public @Nullable Batch read() throws InterruptedException {
            Batch next = place.take();
            return next == null ? null : moved(next, allocator);
        }

        @Override
        public void close() {
            place.close();
        }
    }

    /** Into the task's memory, which no other thread may use. */
    private static Batch moved(Batch batch, BufferAllocator allocator) {
        try (batch) {
            return Batch.transferFrom(batch.asRoot(), allocator);
        }
    }
}
