package io.solstice.api.state;

import io.solstice.api.operator.Operator;
import io.solstice.api.row.Row;

/**
 * An operator that keeps state for each key and can set timers. It stands behind a {@code KeyByOperator}: all rows of one
 * key come to one task, in their order.
 *
 * <pre>{@code
 * final class FirstOfDay implements KeyedOperator {
 *     private ValueState<Boolean> seen;
 *
 *     public void declare(States states) {
 *         seen = states.value("seen", Boolean.class, StateTtl.after(Duration.ofDays(1)));
 *     }
 *
 *     public void process(Row row, KeyContext key, RowOutput out) {
 *         if (seen.get() == null) {
 *             seen.set(true);
 *             out.emit(row);
 *         }
 *     }
 * }
 * }</pre>
 *
 * State and timers are part of every checkpoint, by name, and go to the tasks of their keys when the number of tasks
 * changes. The order of calls is {@code open}, {@code declare}, perhaps {@code restore}, then any number of
 * {@code process}, {@code onTimer} and {@code checkpoint}, and always {@code close}.
 */
public interface KeyedOperator extends Operator {
    /** Names the states. Those of a checkpoint that are not named again are refused, not forgotten. */
    void declare(States states) throws Exception;

    /** @param key that of the row; valid during the call, as is {@code out} */
    void process(Row row, KeyContext key, RowOutput out) throws Exception;

    /**
     * A timer that was set for this key is due. Timers of event time come in the order of their times, before the
     * watermark goes on to the next stage. At the end of the input all that are left come, and those that are set
     * meanwhile as far as the last of them.
     */
    default void onTimer(Timer timer, KeyContext key, RowOutput out) throws Exception {}
}
