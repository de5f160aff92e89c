package io.solstice.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows the version. */
final class VersionCommand implements Command {
    @Override
    public String name() {
        return "version";
    }

    @Override
    public String summary() {
        return "Shows the version of Solstice and of Java.";
    }

    @Override
    public List<String> examples() {
        return List.of("solstice version");
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public List<Flag> flags() {
        return List.of();
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) {
        // The jar's manifest has the version; classes run from a folder have none.
        @Nullable String version = Main.class.getPackage().getImplementationVersion();
        terminal.out()
                .println("solstice " + (version == null ? "(development)" : version) + ", Java " + Runtime.version()
                        + ", " + System.getProperty("os.arch"));
        return ExitCode.OK;
    }
}
