package io.solstice.cli;

import io.solstice.spi.ConnectorProvider;
import java.util.List;
import java.util.ServiceLoader;

/** Lists what can be read and written. */
final class ConnectorsCommand implements Command {
    @Override
    public String name() {
        return "connectors";
    }

    @Override
    public String summary() {
        return "Lists the connectors on the class path.";
    }

    @Override
    public List<String> examples() {
        return List.of("solstice connectors");
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
        ServiceLoader.load(ConnectorProvider.class).stream()
                .flatMap(provider -> provider.get().names().stream()
                        .map(name -> "%-10s %s".formatted(name, provider.type().getName())))
                .sorted()
                .forEach(terminal.out()::println);
        return ExitCode.OK;
    }
}
