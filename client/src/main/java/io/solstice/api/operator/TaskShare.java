package io.solstice.api.operator;

import org.jspecify.annotations.Nullable;

/** Which part of its stage one task is there for. Valid while {@link Rescalable#rescale} is being called. */
public interface TaskShare {
    /**
     * Whether the rows of a key come to this task; of all tasks of the stage, exactly one owns it. For stages whose rows
     * are divided by key, also with others of as many tasks between.
     *
     * @param key the values of the columns that a {@link KeyByOperator} named, in their order and as a row holds them;
     *     for a key that it computed, that of its column {@value KeyByOperator#KEY_COLUMN}
     */
    boolean owns(@Nullable Object... key);

    /**
     * Whether what has no key, such as a total of all rows that a task has seen, goes from a former task to this one. Of
     * all tasks of the stage, exactly one inherits from each former one.
     */
    boolean inherits(TaskState before);
}
