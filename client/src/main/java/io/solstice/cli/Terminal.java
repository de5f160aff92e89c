package io.solstice.cli;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a command writes and what it may do there. Results go to {@code out}; progress, logs and errors go to
 * {@code err}.
 *
 * @param live whether {@code err} is a terminal that can be redrawn
 * @param outShared whether {@code out} is a terminal too, so that printed rows would cut through a redrawn block
 * @param color whether colours are welcome
 * @param columns how wide the terminal is
 * @param answers what a person types, if there is one; else null
 * @param environment the environment variables
 */
record Terminal(
        PrintStream out,
        PrintStream err,
        boolean live,
        boolean outShared,
        boolean color,
        int columns,
        @Nullable BufferedReader answers,
        Map<String, String> environment) {

    private static final int USUAL_COLUMNS = 80;

    /** As the launcher found it: only a shell can ask which streams are terminals. */
    static Terminal ofProcess() {
        Map<String, String> environment = System.getenv();
        boolean live = Boolean.getBoolean("solstice.terminal.err") && !"dumb".equals(environment.get("TERM"));
        boolean color = live && environment.getOrDefault("NO_COLOR", "").isEmpty();
        int columns = Integer.getInteger("solstice.terminal.columns", 0);
        BufferedReader answers = Boolean.getBoolean("solstice.terminal.in")
                ? new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))
                : null;
        return new Terminal(
                System.out,
                System.err,
                live,
                Boolean.getBoolean("solstice.terminal.out"),
                color,
                columns,
                answers,
                environment);
    }

    /** Streams that are not a terminal. */
    static Terminal plain(PrintStream out, PrintStream err, Map<String, String> environment) {
        return new Terminal(out, err, false, false, false, USUAL_COLUMNS, null, environment);
    }

    /** The text in bold, where colours are welcome. */
    String strong(String text) {
        return color ? "\u001b[1m" + text + "\u001b[0m" : text;
    }
}
