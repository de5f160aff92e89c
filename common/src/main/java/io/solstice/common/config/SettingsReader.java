package io.solstice.common.config;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of a component: a flag wins over an environment variable, that over the file, that over the
 * default. Whatever is not understood is refused, wherever it stands.
 */
public final class SettingsReader {
    /** Names the file; itself no setting, so that a file cannot name another. */
    private static final String CONFIG = "config";

    /** A text that somebody set, and what relative paths in it start from. */
    record Given(String text, Origin origin, Path folder) {}

    private final Component component;
    private final Surroundings here;

    private SettingsReader(Component component, Surroundings here) {
        this.component = component;
        this.here = here;
    }

    /** @param arguments the command line: {@code --key value}, {@code --key=value}, or {@code --key} for a switch */
    public static Settings read(Component component, List<String> arguments, Surroundings here) {
        return new SettingsReader(component, here).read(arguments);
    }

    private Settings read(List<String> arguments) {
        Map<String, Given> flags = flags(arguments);
        Map<String, Given> variables = variables();
        Map<String, Given> given = new LinkedHashMap<>(file(flags.get(CONFIG), variables.get(CONFIG)));
        given.putAll(variables);
        given.putAll(flags);
        Settings settings = Settings.none(component);
        for (Key<?> key : component.keys()) {
            settings = settings.with(key, given.get(key.name()), here);
        }
        return settings;
    }

    private List<String> names() {
        return component.keys().stream().<String>map(Key::name).toList();
    }

    private Optional<Key<?>> key(String name) {
        return component.keys().stream().filter(key -> key.name().equals(name)).findFirst();
    }

    private Map<String, Given> flags(List<String> arguments) {
        Map<String, Given> flags = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            String flag = equals < 0 ? argument : argument.substring(0, equals);
            String name = flagged(flag);
            String text;
            if (equals >= 0) {
                text = argument.substring(equals + 1);
            } else if (key(name).map(Key::isSwitch).orElse(false)
                    && (i + 1 == arguments.size() || arguments.get(i + 1).startsWith("--"))) {
                text = "true";
            } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
                text = arguments.get(++i);
            } else {
                throw ErrorCode.OPTION_MISSING
                        .error(flag + " needs a value")
                        .where("the command line")
                        .help("write " + flag + " <value>")
                        .toException();
            }
            flags.put(name, new Given(text, new Origin(Origin.Kind.FLAG, flag), here.folder()));
        }
        return flags;
    }

    private String flagged(String flag) {
        String name = flag.startsWith("--") ? flag.substring(2).replace('-', '_') : "";
        boolean known = !flag.contains("_") && (name.equals(CONFIG) || key(name).isPresent());
        if (!known) {
            List<String> flags =
                    component.keys().stream().<String>map(Key::flag).toList();
            throw ErrorCode.OPTION_UNKNOWN
                    .error("a " + component.label() + " has no option " + flag)
                    .where("the command line")
                    .help(NearestName.help(flag, flags))
                    .toException();
        }
        return name;
    }

    private Map<String, Given> variables() {
        String prefix = component.variablePrefix();
        Map<String, Given> variables = new LinkedHashMap<>();
        new TreeMap<>(here.environment()).forEach((variable, text) -> {
            if (!variable.startsWith(prefix) || text.isEmpty()) {
                return;
            }
            String name = variable.substring(prefix.length()).toLowerCase(Locale.ROOT);
            if (!name.equals(CONFIG) && key(name).isEmpty()) {
                List<String> known = component.keys().stream()
                        .<String>map(key -> key.variable(component))
                        .toList();
                throw ErrorCode.OPTION_UNKNOWN
                        .error("a " + component.label() + " has no setting for the variable " + variable)
                        .where("the environment")
                        .help(NearestName.help(variable, known))
                        .toException();
            }
            variables.put(name, new Given(text, new Origin(Origin.Kind.ENVIRONMENT, variable), here.folder()));
        });
        return variables;
    }

    private Map<String, Given> file(@Nullable Given flag, @Nullable Given variable) {
        Given named = flag == null ? variable : flag;
        Path usual = here.home().resolve("conf").resolve(component.label() + ".yaml");
        if (named == null && !Files.exists(usual)) {
            return Map.of();
        }
        Path file = named == null ? usual : here.folder().resolve(named.text());
        Map<String, Given> given = SettingsFile.read(file, component.label(), names());
        given.keySet().stream()
                .flatMap(name -> key(name).stream())
                .filter(Key::secret)
                .forEach(secret -> {
                    if (othersCanRead(file)) {
                        throw readableSecret(file, secret);
                    }
                });
        return given;
    }

    private static boolean othersCanRead(Path file) {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return false;
        }
        try {
            Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
            return permissions.contains(PosixFilePermission.OTHERS_READ)
                    || permissions.contains(PosixFilePermission.GROUP_READ);
        } catch (IOException gone) {
            return false;
        }
    }

    private static SolsticeException readableSecret(Path file, Key<?> secret) {
        return ErrorCode.OPTION_INVALID
                .error("the file with '" + secret.name() + "' can be read by others")
                .where(file.toString())
                .cause("a secret belongs in a file that only its owner can read")
                .help("chmod 600 " + file)
                .toException();
    }
}
