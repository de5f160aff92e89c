package io.solstice.cli;

import java.util.List;

/** One subcommand: what it is called, what it takes, and what it does. */
interface Command {
    String name();

    /** One sentence. */
    String summary();

    List<String> examples();

    /** What follows the command's name. */
    String usage();

    /** Besides {@code --help}. */
    List<Flag> flags();

    /** Whether options that are not its own are settings of a workflow. */
    default boolean takesSettings() {
        return false;
    }

    /** What else its help says. */
    default List<String> notes() {
        return List.of();
    }

    ExitCode run(Arguments arguments, Terminal terminal) throws InterruptedException;

    /** The help, which starts with examples. */
    default List<String> help() {
        List<String> lines = new java.util.ArrayList<>(List.of("Examples:"));
        examples().forEach(example -> lines.add("  " + example));
        lines.addAll(List.of("", summary(), "", "Usage: solstice " + name() + " " + usage()));
        flags().forEach(flag -> lines.add(line(flag)));
        lines.add(line(Flag.HELP));
        if (!notes().isEmpty()) {
            lines.add("");
        }
        lines.addAll(notes());
        return lines;
    }

    private static String line(Flag flag) {
        String left = String.join(", ", flag.names()) + (flag.takesValue() ? " " + flag.parameter() : "");
        return left.length() < 28
                ? "  %-28s%s".formatted(left, flag.description())
                : "  %s%n  %-28s%s".formatted(left, "", flag.description());
    }
}
