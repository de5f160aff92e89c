package io.solstice.cli;

import java.util.List;

/**
 * One option of a command.
 *
 * @param names with their dashes, the one to show first
 * @param parameter what its value is called in the help, empty if it has none
 * @param repeats whether it may be given several times; its values are then joined by commas
 */
record Flag(List<String> names, String parameter, String description, boolean repeats) {
    static final Flag HELP = new Flag(List.of("--help", "-h"), "", "Show this help.");

    /** One whose last value counts. */
    Flag(List<String> names, String parameter, String description) {
        this(names, parameter, description, false);
    }

    /** One that may be given several times. */
    static Flag repeated(String name, String parameter, String description) {
        return new Flag(List.of(name), parameter, description, true);
    }

    static Flag of(String name, String parameter, String description) {
        return new Flag(List.of(name), parameter, description);
    }

    String name() {
        return names.get(0);
    }

    boolean takesValue() {
        return !parameter.isEmpty();
    }
}
