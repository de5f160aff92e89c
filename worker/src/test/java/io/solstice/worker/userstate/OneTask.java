package io.solstice.worker.userstate;

import io.solstice.common.graph.StatePolicy;
import io.solstice.common.graph.StateStore;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.BareTask;
import io.solstice.worker.store.StateHome;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** The only task of a stage, which sets nothing aside. */
record OneTask(BufferAllocator allocator, List<String> keyColumns, StateHome stateHome)
        implements BareTask, StateHome.Owner {
    OneTask(BufferAllocator allocator, List<String> keyColumns) {
        this(allocator, keyColumns, StateHome.temporary());
    }

    /** With its state in one kind of place, below a folder. */
    static OneTask keeping(StateStore store, Path folder, BufferAllocator allocator) {
        return new OneTask(allocator, List.of("k"), new StateHome(new StatePolicy(store, ""), folder, "task"));
    }

    @Override
    public void skip(Batch rows, int row, Throwable why) {
        throw new AssertionError(why);
    }
}
