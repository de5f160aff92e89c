package io.solstice.worker.store;

import io.solstice.common.graph.StatePolicy;
import io.solstice.common.protocol.StateUse;
import java.nio.file.Path;

/**
 * Where the state by key of one stage of one task is while it runs.
 *
 * @param work the folder of the worker, for a job that names none
 * @param name of the task among all, for names of files and for messages
 */
public record StateHome(StatePolicy policy, Path work, String name) {
    /** Where nobody has said anything else. */
    public static StateHome temporary() {
        return new StateHome(StatePolicy.DEFAULT, temporaryWork(), "task");
    }

    /** For a process that has no folder of its own. */
    public static Path temporaryWork() {
        return Path.of(System.getProperty("java.io.tmpdir", "."), "solstice", "work");
    }

    /** A folder for a store, or for files that are read once. @param kind of the store */
    public OwnFolder folder(String kind) {
        Path above = policy.folder().isEmpty() ? work : Path.of(policy.folder());
        return OwnFolder.below(above.resolve(kind), name);
    }

    /** A task that has such a home. */
    public interface Owner {
        StateHome stateHome();

        /** Says where the state is. */
        default void keeps(StateUse use) {
            // Nobody asks.
        }
    }
}
