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
    private static final List<Command> COMMANDS = commands();

    private Main() {}

    private static List<Command> commands() {
        List<Command> commands = new ArrayList<>(List.of(new RunCommand(), new SubmitCommand()));
        commands.addAll(JobCommands.all());
        commands.addAll(CheckpointCommands.all());
        commands.add(new StateCommand());
        commands.add(new PlanCommand());
        commands.addAll(WorkerCommands.all());
        commands.addAll(List.of(
                new ConfigCommand(),
                new ConnectorsCommand(),
                new ArchiveCommand(),
                new ExplainCommand(),
                new VersionCommand()));
        return commands;
    }

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
                help(COMMANDS).forEach(terminal.out()::println);
                return ExitCode.OK;
            }
            case "-V", "--version" -> {
                return new VersionCommand()
                        .run(new Arguments(java.util.Map.of(), java.util.Map.of(), List.of()), terminal);
            }
            case "" -> {
                help(COMMANDS).forEach(terminal.err()::println);
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
            List<Command> group = group(name);
            if (!group.isEmpty() && (rest.isEmpty() || Flag.HELP.names().contains(rest.get(0)))) {
                help(group).forEach((rest.isEmpty() ? terminal.err() : terminal.out())::println);
                return rest.isEmpty() ? ExitCode.USAGE : ExitCode.OK;
            }
            Command command = command(group.isEmpty() ? name : name + " " + rest.get(0));
            Arguments arguments = Arguments.parse(group.isEmpty() ? rest : rest.subList(1, rest.size()), command);
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

    /** The commands of a noun, such as {@code job}; none if it is not one. */
    private static List<Command> group(String noun) {
        return COMMANDS.stream()
                .filter(command -> command.name().startsWith(noun + " "))
                .toList();
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

    private static List<String> help(List<Command> commands) {
        List<String> lines = new ArrayList<>(List.of("Examples:"));
        commands.forEach(command -> lines.add("  " + command.examples().get(0)));
        lines.addAll(List.of(
                "",
                "Runs batch and streaming jobs on Apache Arrow columns.",
                "",
                "Usage: solstice <command> [options]"));
        commands.forEach(command -> lines.add("  %-20s%s".formatted(command.name(), command.summary())));
        lines.addAll(List.of("", "Help for one command: solstice <command> --help"));
        return lines;
    }
}
