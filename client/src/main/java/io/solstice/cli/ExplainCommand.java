package io.solstice.cli;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.ErrorKind;
import io.solstice.common.error.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Says what an error code means. */
final class ExplainCommand implements Command {
    @Override
    public String name() {
        return "explain";
    }

    @Override
    public String summary() {
        return "Says what an error code means.";
    }

    @Override
    public List<String> examples() {
        return List.of("solstice explain SOL-1103");
    }

    @Override
    public String usage() {
        return "<code>";
    }

    @Override
    public List<Flag> flags() {
        return List.of();
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) {
        if (arguments.operands().size() != 1) {
            throw new UsageException(ErrorCode.OPTION_MISSING
                    .error("one error code is needed")
                    .help("for example: " + examples().get(0)));
        }
        String code = arguments.operands().get(0);
        String upper = code.toUpperCase(Locale.ROOT);
        String wanted = upper.startsWith("SOL-") ? upper : "SOL-" + upper;
        for (ErrorCode known : ErrorCode.values()) {
            if (known.code().equals(wanted) || known.name().equals(upper)) {
                terminal.out().println(terminal.strong(known.code() + " " + known.name()));
                terminal.out().println(known.meaning());
                terminal.out().println("Kind: " + known.kind() + ". " + advice(known.kind()));
                terminal.out().println("Exit code: " + ExitCode.of(known).number());
                return ExitCode.OK;
            }
        }
        String nearest = NearestName.of(
                        wanted,
                        Arrays.stream(ErrorCode.values()).map(ErrorCode::code).toList())
                .map(name -> "did you mean " + name + "? ")
                .orElse("");
        throw new UsageException(ErrorCode.OPTION_INVALID
                .error("there is no error code " + code)
                .help(nearest + "all codes are listed in docs/errors.md"));
    }

    static String advice(ErrorKind kind) {
        return switch (kind) {
            case USER -> "The job, its configuration or its data are wrong; trying again gives the same result.";
            case CAPACITY -> "Something is used up: disk, memory or slots. Free some of it, then run the job again.";
            case EXTERNAL -> "A system outside Solstice refused or failed. Running the job again may succeed.";
            case SYSTEM -> "A defect of Solstice itself. Please report it with the log.";
        };
    }
}
