package io.solstice.cli;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder that Solstice was installed in, with its examples; there may be none when it runs as a library. */
record Installation(@Nullable Path home) {
    static Installation of(Map<String, String> environment) {
        String home = environment.get("SOLSTICE_HOME");
        return new Installation(home == null || home.isEmpty() ? null : Path.of(home));
    }

    /**
     * Finds a configuration file: as given, else, for a relative path, in the installation and its examples, also
     * without leading {@code solstice/} folders.
     */
    Path find(Path given) {
        if (Files.isRegularFile(given)) {
            return given;
        }
        for (Path candidate : candidates(given)) {
            if (Files.isRegularFile(candidate)) {
                return candidate;
            }
        }
        String shown = given.isAbsolute()
                ? given.toString()
                : given + ", looked up in " + Path.of("").toAbsolutePath();
        throw ErrorCode.CONFIG_NOT_FOUND
                .error(Files.isDirectory(given) ? given + " is a directory, not a file" : "no file " + shown)
                .where("--config " + given)
                .help(neighbours(given))
                .toException();
    }

    private List<Path> candidates(Path given) {
        List<Path> candidates = new ArrayList<>();
        if (home != null && !given.isAbsolute()) {
            Path rest = given.normalize();
            while (rest.getNameCount() > 1 && rest.startsWith("solstice")) {
                rest = rest.subpath(1, rest.getNameCount());
            }
            candidates.add(home.resolve(given));
            candidates.add(home.resolve(rest));
            candidates.add(home.resolve("examples").resolve(rest));
        }
        return candidates;
    }

    private String neighbours(Path given) {
        List<String> names = new ArrayList<>();
        Path parent = given.toAbsolutePath().getParent();
        names.addAll(yamlFiles(parent, given.getParent()));
        if (home != null) {
            names.addAll(yamlFiles(home.resolve("examples/configs"), Path.of("configs")));
        }
        return names.isEmpty()
                ? "give the path of a YAML file; without --config every setting has its default"
                : NearestName.help(given.toString(), names);
    }

    private static List<String> yamlFiles(@Nullable Path folder, @Nullable Path shownAs) {
        if (folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".yaml.example"))
                    .sorted()
                    .limit(10)
                    .map(name -> shownAs == null ? name : shownAs.resolve(name).toString())
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
