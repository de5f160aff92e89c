package io.solstice.cli;

import io.solstice.api.cluster.MasterConnection;
import io.solstice.common.error.ErrorCode;
import java.util.List;

/**
 * A command that asks a master once, or acts through it once.
 *
 * @param operand what it is about, for example {@code <id>}; empty if nothing need be named
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

    /** @param operand what was named; empty if the command needs nothing */
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
        int wanted = operand.isEmpty() ? 0 : 1;
        if (given.operands().size() != wanted) {
            throw new UsageException(
                    (given.operands().size() < wanted ? ErrorCode.OPTION_MISSING : ErrorCode.OPTION_INVALID)
                            .error("solstice " + name + " needs " + (wanted == 0 ? "no operand" : "one " + operand))
                            .help("for example: " + examples.get(0)));
        }
        Output.of(given, terminal);
        Logging.silence();
        try (MasterConnection master = MasterConnection.open(ClusterAccess.once(given, terminal))) {
            return action.run(
                    new Request(master, wanted == 0 ? "" : given.operands().get(0), given, terminal));
        }
    }
}
