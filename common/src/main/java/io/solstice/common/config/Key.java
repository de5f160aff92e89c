package io.solstice.common.config;

import java.util.Locale;
import java.util.Optional;

/**
 * One setting that a component knows.
 *
 * @param name as in YAML, words joined by underscores
 * @param fallback what holds if nobody sets it
 * @param description what it is, in one line
 * @param secret whether its value is never shown
 */
record Key<T>(String name, ValueType<T> type, Fallback<T> fallback, String description, boolean secret) {
    /** What is shown in place of a secret. */
    static final String HIDDEN = "***";

    /** The value of a setting that nobody set. */
    interface Fallback<T> {
        /** Nothing where there is no value then. */
        Optional<T> value(Settings earlier, Surroundings here);

        /** How documents write it. */
        String shown();
    }

    static <T> Key<T> of(String name, ValueType<T> type, T fallback, String description) {
        return computed(name, type, type.show().apply(fallback), (earlier, here) -> fallback, description);
    }

    static <T> Key<T> optional(String name, ValueType<T> type, String description) {
        return new Key<>(name, type, fallback("not set", (earlier, here) -> Optional.empty()), description, false);
    }

    static Key<String> secret(String name, String description) {
        return new Key<>(
                name, ValueType.anyText(), fallback("not set", (earlier, here) -> Optional.empty()), description, true);
    }

    /** @param computation sees the settings of the keys before this one */
    static <T> Key<T> computed(
            String name, ValueType<T> type, String shown, Computation<T> computation, String description) {
        return new Key<>(
                name,
                type,
                fallback(shown, (earlier, here) -> Optional.of(computation.value(earlier, here))),
                description,
                false);
    }

    /** Works a default out. */
    @FunctionalInterface
    interface Computation<T> {
        T value(Settings earlier, Surroundings here);
    }

    private static <T> Fallback<T> fallback(String shown, Computation<Optional<T>> computation) {
        return new Fallback<>() {
            @Override
            public Optional<T> value(Settings earlier, Surroundings here) {
                return computation.value(earlier, here);
            }

            @Override
            public String shown() {
                return shown;
            }
        };
    }

    String flag() {
        return "--" + name.replace('_', '-');
    }

    String variable(Component component) {
        return component.variablePrefix() + name.toUpperCase(Locale.ROOT);
    }

    /** Whether its flag may stand alone. */
    boolean isSwitch() {
        return type.javaType() == Boolean.class;
    }

    /** The text of one of its values, unless that is a secret. */
    String show(Object value) {
        return secret ? HIDDEN : type.show().apply(type.javaType().cast(value));
    }
}
