package io.solstice.cli;

import io.solstice.common.error.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;

/** Asks before something is lost: {@code --yes}, or the name typed on a terminal; nobody is asked where nobody is. */
final class Confirmation {
    static final Flag YES = new Flag(List.of("--yes", "-y"), "", "Do not ask.");

    private Confirmation() {}

    /**
     * @param loses what will be lost, as a sentence
     * @param name what must be typed
     */
    static void of(String loses, String name, Arguments given, Terminal terminal) {
        terminal.err().println(loses);
        if (given.has(YES)) {
            return;
        }
        BufferedReader answers = terminal.answers();
        if (answers == null) {
            throw new UsageException(ErrorCode.OPTION_MISSING
                    .error("this needs a confirmation, and standard input is not a terminal")
                    .help("add --yes"));
        }
        terminal.err().print("Type " + name + " to go on: ");
        terminal.err().flush();
        try {
            String typed = answers.readLine();
            if (typed == null || !typed.strip().equals(name)) {
                throw new UsageException(ErrorCode.OPTION_INVALID
                        .error("not confirmed, so nothing was done")
                        .cause("expected '" + name + "'"));
            }
        } catch (IOException closed) {
            throw new UsageException(ErrorCode.OPTION_MISSING
                    .error("not confirmed, so nothing was done")
                    .cause(closed.toString()));
        }
    }
}
