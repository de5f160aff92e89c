package io.solstice.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.solstice.common.config.Component;
import io.solstice.common.config.MasterConfig;
import io.solstice.common.config.Origin;
import io.solstice.common.config.Settings;
import io.solstice.common.config.Settings.Setting;
import io.solstice.common.config.SettingsReader;
import io.solstice.common.config.Surroundings;
import io.solstice.common.config.WorkerConfig;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Shows what a master or a worker would be started with, and why. */
final class ConfigCommand implements Command {
    private static final Flag ORIGIN = Flag.of(
            "--origin", "", "Also show where each value comes from: flag, variable, file and line, or default.");

    @Override
    public String name() {
        return "config";
    }

    @Override
    public String summary() {
        return "Shows the settings of master and worker.";
    }

    @Override
    public List<String> examples() {
        return List.of("solstice config show master --origin", "solstice config show worker --memory 8GiB -o json");
    }

    @Override
    public String usage() {
        return "show [master|worker] [options] [settings]";
    }

    @Override
    public List<Flag> flags() {
        return List.of(ORIGIN, Output.FLAG);
    }

    @Override
    public boolean takesSettings() {
        return true;
    }

    @Override
    public List<String> notes() {
        return List.of("Other options are settings, as start-master and start-worker take them: --port 7071");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) {
        List<Settings> shown = new ArrayList<>();
        for (Component component : components(arguments.operands())) {
            shown.add(checked(SettingsReader.read(component, given(arguments), Surroundings.ofProcess())));
        }
        boolean origins = arguments.has(ORIGIN);
        terminal.out()
                .print(
                        switch (Output.of(arguments, terminal)) {
                            case TABLE -> table(shown, origins);
                            case JSON -> json(shown, origins);
                            case YAML -> yaml(shown, origins);
                        });
        return ExitCode.OK;
    }

    /** Refuses what a start would refuse. */
    private static Settings checked(Settings settings) {
        switch (settings.component()) {
            case MASTER -> MasterConfig.of(settings);
            case WORKER -> WorkerConfig.of(settings);
        }
        return settings;
    }

    private static List<Component> components(List<String> operands) {
        String verb = operands.isEmpty() ? "" : operands.get(0);
        if (!verb.equals("show")) {
            throw new UsageException(ErrorCode.OPTION_UNKNOWN
                    .error("solstice config has no verb '" + verb + "'")
                    .help("write solstice config show"));
        }
        if (operands.size() == 1) {
            return List.of(Component.values());
        }
        List<Component> named = Stream.of(Component.values())
                .filter(component -> component.label().equals(operands.get(1)))
                .toList();
        if (operands.size() > 2 || named.isEmpty()) {
            String wrong = operands.get(operands.size() - 1);
            List<String> known =
                    Stream.of(Component.values()).map(Component::label).toList();
            throw new UsageException(ErrorCode.OPTION_UNKNOWN
                    .error("'" + wrong + "' has no settings to show")
                    .help(NearestName.help(wrong, known)));
        }
        return named;
    }

    private static List<String> given(Arguments arguments) {
        return arguments.settings().entrySet().stream()
                .map(setting -> "--" + setting.getKey().replace('_', '-') + "=" + setting.getValue())
                .toList();
    }

    private static String table(List<Settings> shown, boolean origins) {
        List<Setting> all =
                shown.stream().flatMap(settings -> settings.all().stream()).toList();
        int names = 2
                + all.stream()
                        .mapToInt(setting -> setting.name().length())
                        .max()
                        .orElse(0);
        int texts = 2
                + all.stream()
                        .mapToInt(setting -> setting.text().length())
                        .max()
                        .orElse(0);
        StringBuilder text = new StringBuilder();
        for (Settings settings : shown) {
            text.append(text.isEmpty() ? "" : "\n");
            text.append(settings.component().name()).append('\n');
            for (Setting setting : settings.all()) {
                String line = ("%-" + names + "s%-" + texts + "s%s")
                        .formatted(setting.name(), setting.text(), origins ? setting.origin() : "");
                text.append(line.stripTrailing()).append('\n');
            }
        }
        return text.toString();
    }

    private static String json(List<Settings> shown, boolean origins) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            for (Settings settings : shown) {
                json.writeObjectFieldStart(settings.component().label());
                for (Setting setting : settings.all()) {
                    if (origins) {
                        json.writeObjectFieldStart(setting.name());
                        writeText(json, "value", setting.text());
                        json.writeStringField("origin", setting.origin().place());
                        json.writeEndObject();
                    } else {
                        writeText(json, setting.name(), setting.text());
                    }
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text + "\n";
    }

    /** A setting without a value is null. */
    private static void writeText(JsonGenerator json, String field, String text) throws IOException {
        if (text.isEmpty()) {
            json.writeNullField(field);
        } else {
            json.writeStringField(field, text);
        }
    }

    /** Below its component's name each part is a file that the component reads; origins are comments. */
    private static String yaml(List<Settings> shown, boolean origins) {
        StringBuilder text = new StringBuilder();
        for (Settings settings : shown) {
            text.append(settings.component().label()).append(":\n");
            for (Setting setting : settings.all()) {
                String value =
                        setting.text().isEmpty() ? "null" : "'" + setting.text().replace("'", "''") + "'";
                text.append("  ").append(setting.name()).append(": ").append(value);
                boolean told = origins && setting.origin().kind() != Origin.Kind.DEFAULT;
                text.append(told ? "  # " + setting.origin() : "").append('\n');
            }
        }
        return text.toString();
    }
}
