package io.solstice.api.operator;

/**
 * An operator, or the function of a {@link MapBatchesOperator}, whose state can be divided anew, so that its stage may
 * begin with a checkpoint in which it had fewer or more tasks. One that has state and does not implement this can only
 * begin with as many tasks as it had.
 *
 * <pre>{@code
 * public void rescale(TaskState before, TaskShare own) {
 *     before.checkpoint().getRow("counts").toMap().forEach((user, count) -> {
 *         if (own.owns(user)) {
 *             counts.put(user, (Long) count);
 *         }
 *     });
 * }
 * }</pre>
 *
 * Until the first checkpoint that follows, a failure lets the stage begin with the same states again.
 */
public interface Rescalable {
    /**
     * Takes over what is its own of the state that one task of the stage had. If the number of tasks has changed, it is
     * called after {@code open} and instead of {@code restore}: once for each task that had any state, in the order of
     * their indices. Every task of the stage is given all of them, so each thing must be kept by exactly one task, which
     * {@code own} tells.
     *
     * <p>Nothing of {@code before} is put back by itself: also values that were kept with {@code setState} are kept only
     * if they are set again.
     */
    void rescale(TaskState before, TaskShare own) throws Exception;
}
