package io.solstice.worker.aggregate;

import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate that has an object for each group, for what numbers in arrays cannot hold.
 *
 * @param <T> what is gathered of a group; may be changed in place by the group that has it
 */
interface Gathering<T> {
    T create();

    /** With one more value, which is not null. */
    T add(T gathered, Object value);

    /** The first with what the second has, which stays as it is. */
    T merge(T gathered, T other);

    @Nullable
    Object result(T gathered);

    /** About how many bytes it takes. */
    default long weight(T gathered) {
        return Weight.of(gathered);
    }

    /** As a checkpoint keeps it: a value of {@link #stateField}. */
    Object saved(T gathered);

    T restored(Object saved);

    /** The column of the state, or one of the type null if that shows only from what is in it. */
    default Field stateField(String name) {
        return Types.of(name, ArrowType.Null.INSTANCE, List.of());
    }
}
