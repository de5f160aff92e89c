package io.solstice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Habits of the house that only the sources show. Each failure lists the places. */
class TidyTest {
    private static final int LONGEST_FILE = 400;
    private static final int LONGEST_LINE = 130;
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules", ".idea", ".vscode");
    private static final Set<String> TEXTS = Set.of("java", "md", "xml", "yaml", "yml", "properties", "sh", "json", "");

    private static Path root = Path.of("");
    private static List<Path> files = List.of();

    @BeforeAll
    static void findSources() throws IOException {
        root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("README.md")) || !Files.exists(root.resolve("flight-exchange"))) {
            root = Objects.requireNonNull(root.getParent(), "not inside the repository");
        }
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean skip = NOT_OURS.contains(folder.getFileName().toString());
                return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (TEXTS.contains(extension(file)) && attributes.size() < 1 << 20) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files = found;
        assertThat(java("main")).as("main sources below " + root).hasSizeGreaterThan(100);
    }

    private static String extension(Path file) {
        String name = file.getFileName().toString();
        return name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "";
    }

    private static List<Path> java(String kind) {
        Path sources = Path.of("src", kind, "java");
        return files.stream()
                .filter(file ->
                        extension(file).equals("java") && file.toString().contains(sources.toString()))
                .toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(file.toString(), unreadable);
        }
    }

    private static List<String> placesWhere(Stream<Path> candidates, BiPredicate<Path, String> wrong) {
        List<String> places = new ArrayList<>();
        candidates.forEach(file -> {
            List<String> lines = lines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (wrong.test(file, lines.get(i))) {
                    places.add(root.relativize(file) + ":" + (i + 1));
                }
            }
        });
        return places;
    }

    @Test
    void everyPackageSaysWhatItIsAndHasNoNullsUnlessItSaysSo() {
        Set<String> described = new TreeSet<>();
        Set<String> packages = new TreeSet<>();
        for (String kind : List.of("main", "test")) {
            for (Path file : java(kind)) {
                String name = packageOf(file);
                packages.add(name);
                if (file.endsWith("package-info.java")) {
                    String text = String.join("\n", lines(file));
                    assertThat(text).as("%s", file).contains("@NullMarked\npackage ");
                    assertThat(kind.equals("test") || text.contains("/**"))
                            .as("%s says what it is", file)
                            .isTrue();
                    described.add(name);
                }
            }
        }
        packages.removeAll(described);
        assertThat(packages).as("packages without package-info").isEmpty();
    }

    /** With its module, since two modules may hold tests of one package. */
    private static String packageOf(Path file) {
        String path = root.relativize(file.getParent()).toString();
        return path.replaceAll("src.(main|test).java", "");
    }

    @Test
    void aClassFitsAHead() {
        List<String> tooLong = java("main").stream()
                .filter(file -> lines(file).size() > LONGEST_FILE)
                .map(file -> root.relativize(file) + ": " + lines(file).size() + " lines")
                .toList();
        assertThat(tooLong).as("files of more than " + LONGEST_FILE + " lines").isEmpty();
    }

    @Test
    void linesFitAScreen() {
        Stream<Path> sources = Stream.concat(java("main").stream(), java("test").stream());
        assertThat(placesWhere(sources, (file, line) -> line.codePointCount(0, line.length()) > LONGEST_LINE))
                .as("lines of more than " + LONGEST_LINE + " characters")
                .isEmpty();
    }

    @Test
    void nothingIsLeftToDo() {
        Pattern left = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
        assertThat(placesWhere(
                        files.stream(), (file, line) -> left.matcher(line).find()))
                .isEmpty();
    }

    @Test
    void thereAreNoTabs() {
        assertThat(placesWhere(files.stream(), (file, line) -> line.indexOf('\t') >= 0))
                .isEmpty();
    }

    @Test
    void nothingNamesTheMachineItWasWrittenOn() {
        String here = root.toString();
        String home = System.getProperty("user.home") + "/";
        assertThat(placesWhere(
                        files.stream(),
                        (file, line) -> line.contains(here) || home.length() > 5 && line.contains(home)))
                .isEmpty();
    }

    @Test
    void theReadmeNamesEveryModule() {
        String readme = String.join("\n", lines(root.resolve("README.md")));
        Matcher module =
                Pattern.compile("<module>([^/<]+)</module>").matcher(String.join("\n", lines(root.resolve("pom.xml"))));
        int modules = 0;
        for (; module.find(); modules++) {
            assertThat(readme).contains("`" + module.group(1) + "/`");
        }
        assertThat(modules).isGreaterThan(5);
    }

    @Test
    void nobodyLocksBlocks() {
        Pattern block = Pattern.compile("\\bsynchronized\\s*\\(");
        assertThat(placesWhere(
                        java("main").stream(),
                        (file, line) -> block.matcher(line).find()))
                .isEmpty();
    }
}
