package io.solstice.api.state;

/**
 * Names the states of a {@link KeyedOperator}. Each name is one kind of state, and is what a checkpoint keeps it by. What
 * is returned stands for the key whose row or timer is being handled; it can be used only then. Values are what a
 * {@link io.solstice.api.row.Row} can hold.
 */
public interface States {
    /** One value for each key. @param type of the values, which is checked when one is written */
    <T> ValueState<T> value(String name, Class<T> type, StateTtl ttl);

    /** A list for each key, which is forgotten as a whole. */
    <T> ListState<T> list(String name, Class<T> type, StateTtl ttl);

    /** A sorted map for each key, which is forgotten as a whole. */
    <T> MapState<T> map(String name, Class<T> type, StateTtl ttl);

    default <T> ValueState<T> value(String name, Class<T> type) {
        return value(name, type, StateTtl.NEVER);
    }

    default <T> ListState<T> list(String name, Class<T> type) {
        return list(name, type, StateTtl.NEVER);
    }

    default <T> MapState<T> map(String name, Class<T> type) {
        return map(name, type, StateTtl.NEVER);
    }
}
