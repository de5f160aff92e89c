package io.solstice.api.sink;

import io.solstice.common.protocol.Committable;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Where rows go, in two steps: at every checkpoint and at the end each task's writer <em>seals</em> what it wrote into a
 * committable that nobody can see yet, and when all have sealed and the checkpoint is there for good, the committables
 * are <em>committed</em> together. What a job wrote after its last checkpoint is discarded when it fails or is
 * cancelled.
 */
public interface Sink extends AutoCloseable {
    /**
     * Checks that the target can take rows of that schema, without changing anything. Called once before the job
     * starts.
     *
     * @param input the rows that will come, or null if that shows only while running
     * @param parallelism how many tasks will write
     * @param bounded whether the rows will come to an end by themselves
     */
    default void validate(@Nullable Schema input, int parallelism, boolean bounded) throws Exception {}

    /** Opens a writer for one task and the time between two checkpoints. */
    SinkWriter open(SinkContext context) throws Exception;

    /**
     * Publishes what all tasks sealed since the commit before, as one step as far as the target allows. Doing it again
     * must change nothing; what was done is recognised by {@link SinkCommit#checkpointId} or by what was sealed. The list
     * may be empty, and may hold several committables of one task. Commits of a job come in the order of their epochs.
     */
    void commit(List<Committable> sealed, SinkCommit which) throws Exception;

    /** Removes what was sealed and will never be committed. */
    void discard(List<Committable> sealed) throws Exception;

    /** {@link Guarantee#AT_LEAST_ONCE} for a sink whose writers publish at once, and so seal nothing. */
    default Guarantee guarantee() {
        return Guarantee.EXACTLY_ONCE;
    }

    @Override
    default void close() throws Exception {}
}
