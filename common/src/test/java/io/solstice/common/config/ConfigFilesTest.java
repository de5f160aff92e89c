package io.solstice.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code conf/master.yaml}, {@code conf/worker.yaml} and {@code docs/configuration.md} are made from the keys: run this
 * test with {@code -Dsolstice.docs.write=true} to write them.
 */
class ConfigFilesTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    private static Path template(Component component) {
        return Path.of("..", "conf", component.label() + ".yaml");
    }

    private static void compare(Path file, String text) throws IOException {
        if (Boolean.getBoolean("solstice.docs.write")) {
            Files.writeString(file, text);
        }
        assertThat(Files.readString(file)).isEqualTo(text);
    }

    @ParameterizedTest
    @EnumSource
    void theTemplateHasEveryKeyWithItsDefault(Component component) throws IOException {
        compare(template(component), template(component, component.keys()));
    }

    @ParameterizedTest
    @EnumSource
    void theTemplateChangesNothingAndItsCommentsAreValues(Component component, @TempDir Path folder)
            throws IOException {
        Surroundings here = StandInMachine.in(folder, Map.of());
        List<String> defaults = texts(SettingsReader.read(component, List.of(), here));
        String file = template(component).toAbsolutePath().toString();
        assertThat(texts(SettingsReader.read(component, List.of("--config", file), here)))
                .isEqualTo(defaults);
        String uncommented = Files.readString(template(component)).replaceAll("(?m)^#(\\w+:)", "$1");
        Path all = Files.writeString(folder.resolve("all.yaml"), uncommented);
        assertThat(texts(SettingsReader.read(component, List.of("--config", all.toString()), here)))
                .isEqualTo(defaults);
    }

    private static List<String> texts(Settings settings) {
        return settings.all().stream().map(Settings.Setting::text).toList();
    }

    @Test
    void thePageListsEveryKey() throws IOException {
        compare(PAGE, page());
    }

    private static String template(Component component, List<Key<?>> keys) {
        StringBuilder text = new StringBuilder("""
                # Settings of a Solstice %1$s: every key, with its default. Take the '#' away before the key to set one.
                # Each is also a variable (%2$sBIND_HOST) and a flag (--bind-host), which win over this file.
                # What holds, and why: solstice config show %1$s --origin
                """.formatted(component.label(), component.variablePrefix()));
        for (Key<?> key : keys) {
            text.append("\n# ").append(key.description());
            text.append("\n# ").append(sentence(key.type().accepts()));
            boolean fixed = key.type()
                            .reader()
                            .read(key.fallback().shown(), Path.of(""))
                            .isPresent()
                    && !isComputed(key);
            text.append(fixed ? "" : " Default: " + key.fallback().shown() + ".");
            text.append("\n#").append(key.name()).append(':');
            text.append(fixed ? " " + key.fallback().shown() : "").append('\n');
        }
        return text.toString();
    }

    /** Whether another machine could have another default. */
    private static boolean isComputed(Key<?> key) {
        return key.fallback().shown().indexOf(' ') >= 0;
    }

    private static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Configuration of master and worker

                Every setting can be given in four places; the first that says anything wins:

                1. a flag: `bin/start-master --bind-host 10.0.0.4` (or `--bind-host=10.0.0.4`; a switch may stand alone);
                2. an environment variable: `SOLSTICE_MASTER_BIND_HOST=10.0.0.4`, for a worker `SOLSTICE_WORKER_...`;
                3. the file: `bind_host: 10.0.0.4` in `conf/master.yaml` or `conf/worker.yaml` of the installation, or in
                   the one named by `--config <file>` or `SOLSTICE_MASTER_CONFIG`, `SOLSTICE_WORKER_CONFIG`;
                4. the default.

                `solstice config show master --origin` shows every setting, its value and where that comes from, and
                takes the same flags; `-o json` and `-o yaml` are for programs. A key, flag or variable that is not known
                stops the start and names the nearest one that is, and so does a value of the wrong form.

                * **Durations** carry a unit: `500ms`, `3s`, `2m`, `1h`, `1d`. **Sizes** too: `512B`, `64KiB`, `16MiB`,
                  `8GiB`, `1TiB`. A bare number is refused, and so are `KB`, `MB` and `GB`, which mean two things.
                * **Relative paths** in a file start from the folder of that file, elsewhere from the working directory.
                * **Files** are flat YAML 1.2 in UTF-8, without tags, at most 256 KiB.
                * **Secrets** (`token`) are shown as `***` everywhere. A file that holds one must be readable by its owner
                  alone (`chmod 600`); the command line is seen by all users of the machine, so prefer the variable.

                Settings of a job are another matter: see [cli.md](cli.md). How to secure a cluster is in
                [deployment.md](deployment.md).
                """);
        for (Component component : Component.values()) {
            page.append("\n## ")
                    .append(sentence(component.label()).replace(".", ""))
                    .append("\n\n");
            page.append("| key | default | accepts | meaning |\n|---|---|---|---|\n");
            component
                    .keys()
                    .forEach(key -> page.append("| `%s` | %s | %s | %s |%n"
                            .formatted(
                                    key.name(),
                                    isComputed(key)
                                            ? key.fallback().shown()
                                            : "`" + key.fallback().shown() + "`",
                                    key.type().accepts(),
                                    key.description())));
        }
        return page.toString();
    }
}
