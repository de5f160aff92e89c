package io.solstice.worker.job;

import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.worker.task.ChainLink;
import io.solstice.worker.task.Task;
import io.solstice.worker.task.TaskInput;
import io.solstice.worker.task.TaskOutput;
import java.util.List;

/** A task that had come to its end before the checkpoint that the run begins with: it only says so downstream. */
record EndedParts(TaskRoads roads) implements Task.Parts {
    @Override
    public List<ChainLink> operators() {
        return List.of();
    }

    @Override
    public TaskInput input() {
        return new TaskInput() {
            @Override
            public StreamElement poll() {
                return EndOfInput.INSTANCE;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public TaskOutput output() {
        return roads.all();
    }

    @Override
    public void close() {
        roads.in().abandon();
    }
}
