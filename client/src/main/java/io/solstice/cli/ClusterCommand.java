package io.solstice.cli;

import io.solstice.api.cluster.MasterConnection;
import io.solstice.common.error.ErrorCode;
import java.util.List;

/**
 * A command that asks a master once, or acts through it once.
 *
 * @param operand what it is about, for example {@code <id>}; empty if nothing need be named; what stands in brackets may
 *     be left out or given several times
 */
record ClusterCommand(
        String name,
        String summary,
        String operand,
        List<String> examples,
        List<Flag> flags,
        List<String> notes,
        Action action)
        implements Command {

    /** What the command does with its connection. */
    interface Action {
        ExitCode run(Request request) throws InterruptedException;
    }

    /** @param operand what was named first; empty if the command needs nothing */
    record Request(MasterConnection master, String operand, Arguments arguments, Terminal terminal) {
        /** Shows the answer in the form that was asked for. */
        Output output() {
            return Output.of(arguments, terminal);
        }
    }

    @Override
    public String usage() {
        return operand.isEmpty() ? "[options]" : operand + " [options]";
    }

    @Override
    public ExitCode run(Arguments given, Terminal terminal) throws InterruptedException {
        long least = operand.chars().filter(letter -> letter == '<').count() - (operand.contains("[") ? 1 : 0);
        long most = operand.contains("[") ? Integer.MAX_VALUE : least;
        int there = given.operands().size();
        if (there < least || there > most) {
            String needs = most == 0 ? "no operand" : least == 1 && most == 1 ? "one " + operand : operand;
            throw new UsageException((there < least ? ErrorCode.OPTION_MISSING : ErrorCode.OPTION_INVALID)
                    .error("solstice " + name + " needs " + needs)
                    .help("for example: " + examples.get(0)));
        }
        Output.of(given, terminal);
        Logging.silence();
        try (MasterConnection master = MasterConnection.open(ClusterAccess.once(given, terminal))) {
            return action.run(
                    new Request(master, there == 0 ? "" : given.operands().get(0), given, terminal));
        }
    }
}
