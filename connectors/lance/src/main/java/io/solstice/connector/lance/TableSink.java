package io.solstice.connector.lance;

import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.api.sink.SinkWriter;
import io.solstice.common.protocol.Committable;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Writes one new version of a table for all tasks together. Nothing is visible before {@link #commit}. */
final class TableSink implements Sink {
    private final SinkSettings settings;

    TableSink(SinkSettings settings) {
        this.settings = settings;
    }

    @Override
    public void validate(@Nullable Schema input, int parallelism, boolean bounded) throws Exception {
        NativeAccess.require();
        try (RootAllocator memory = new RootAllocator()) {
            Target target = Target.inspect(settings, memory);
            if (input != null) {
                target.requireFits(input);
            }
        }
    }

    @Override
    public SinkWriter open(SinkContext context) throws Exception {
        NativeAccess.require();
        return new TableWriter(settings, Target.inspect(settings, context.allocator()), context);
    }

    @Override
    public void commit(List<Committable> sealed, SinkCommit which) throws Exception {
        if (!sealed.isEmpty()) {
            NativeAccess.require();
            TableCommit.of(settings, sealed).publish(which);
        }
    }

    @Override
    public void discard(List<Committable> sealed) throws Exception {
        if (!sealed.isEmpty()) {
            NativeAccess.require();
            TableCommit.of(settings, sealed).discard();
        }
    }
}
