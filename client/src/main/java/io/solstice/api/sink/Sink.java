package io.solstice.api.sink;

import io.solstice.common.protocol.Committable;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Where rows go, in two steps: each task's writer <em>seals</em> what it wrote into a committable that nobody can see
 * yet, and when all have sealed, the committables are <em>committed</em> together. A job that fails or is cancelled
 * commits nothing.
 */
public interface Sink extends AutoCloseable {
    /**
     * Checks that the target can take rows of that schema, without changing anything. Called once before the job
     * starts.
     *
     * @param input the rows that will come, or null if that shows only while running
     * @param parallelism how many tasks will write
     */
    default void validate(@Nullable Schema input, int parallelism) throws Exception {}

    SinkWriter open(SinkContext context) throws Exception;

    /** Publishes what all tasks sealed, as one step as far as the target allows. Doing it again must change nothing. */
    void commit(List<Committable> sealed) throws Exception;

    /** Removes what was sealed and will never be committed. */
    void discard(List<Committable> sealed) throws Exception;

    @Override
    default void close() throws Exception {}
}
