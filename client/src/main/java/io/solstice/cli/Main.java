package io.solstice.cli;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The {@code solstice} command: finds the subcommand, runs it, and turns what went wrong into a message and an exit
 * code.
 */
public final class Main {
    private static final List<Command> COMMANDS = List.of(
            new RunCommand(), new ExplainCommand(), new ConnectorsCommand(), new ConfigCommand(), new VersionCommand());

    private Main() {}

    public static void main(String[] args) {
        ExitCode code = run(args, Terminal.ofProcess());
        System.out.flush();
        System.err.flush();
        // Threads that a workflow left running must not keep the command alive.
        Runtime.getRuntime().exit(code.number());
    }

    /** Runs one command line. */
    static ExitCode run(String[] args, Terminal terminal) {
        String name = args.length == 0 ? "" : args[0];
        switch (name) {
            case "-h", "--help", "help" -> {
                help().forEach(terminal.out()::println);
                return ExitCode.OK;
            }
            case "-V", "--version" -> {
                return new VersionCommand()
                        .run(new Arguments(java.util.Map.of(), java.util.Map.of(), List.of()), terminal);
            }
            case "" -> {
                help().forEach(terminal.err()::println);
                return ExitCode.USAGE;
            }
            default -> {
                return run(name, Arrays.asList(args).subList(1, args.length), terminal);
            }
        }
    }

    private static ExitCode run(String name, List<String> rest, Terminal terminal) {
        boolean debugging = false;
        try {
            Command command = command(name);
            Arguments arguments = Arguments.parse(rest, command);
            if (arguments.has(Flag.HELP)) {
                command.help().forEach(terminal.out()::println);
                return ExitCode.OK;
            }
            debugging = Logging.isDebug(arguments.text("--log-level", "INFO"));
            return command.run(arguments, terminal);
        } catch (UsageException wrong) {
            return report(wrong.error(), ExitCode.USAGE, terminal);
        } catch (InterruptedException ended) {
            return ExitCode.INTERRUPTED;
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError | LinkageError failure) {
            if (debugging) {
                failure.printStackTrace(terminal.err());
            }
            SolsticeError error = SolsticeException.of(failure).error();
            return report(error, ExitCode.of(error.code()), terminal);
        }
    }

    private static Command command(String name) {
        List<String> names = COMMANDS.stream().map(Command::name).toList();
        if (!names.contains(name)) {
            throw new UsageException(ErrorCode.OPTION_UNKNOWN
                    .error("solstice has no command '" + name + "'")
                    .help(NearestName.help(name, names)));
        }
        return COMMANDS.get(names.indexOf(name));
    }

    private static ExitCode report(SolsticeError error, ExitCode code, Terminal terminal) {
        terminal.err().println(error.display());
        terminal.err().println("   = docs: solstice explain " + error.code().code());
        return code;
    }

    private static List<String> help() {
        List<String> lines = new ArrayList<>(List.of("Examples:"));
        COMMANDS.forEach(command -> lines.add("  " + command.examples().get(0)));
        lines.addAll(List.of(
                "",
                "Runs batch and streaming jobs on Apache Arrow columns.",
                "",
                "Usage: solstice <command> [options]"));
        COMMANDS.forEach(command -> lines.add("  %-12s%s".formatted(command.name(), command.summary())));
        lines.addAll(List.of("", "Help for one command: solstice <command> --help"));
        return lines;
    }
}
