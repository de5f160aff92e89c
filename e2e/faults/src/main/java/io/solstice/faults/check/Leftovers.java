package io.solstice.faults.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a job that has ended must not leave beside its output. */
public final class Leftovers {
    private Leftovers() {}

    /**
     * Finds hidden and temporary things, and data files of the table that its newest version does not name.
     *
     * @param output the folder in which the results are
     * @param files folders of files in it
     * @param disturbed whether a process was killed or taken for lost, so that nobody may know of a data file
     */
    public static void check(Path output, List<Path> files, Path table, boolean disturbed, Account account)
            throws IOException {
        if (!Files.isDirectory(output)) {
            return;
        }
        try (Stream<Path> entries = Files.list(output)) {
            entries.filter(entry -> !files.contains(entry) && !entry.equals(table))
                    .forEach(entry -> account.add(Kind.LEFT_BEHIND, output.relativize(entry) + describe(entry)));
        }
        for (Path folder : files) {
            if (Files.isDirectory(folder)) {
                findHidden(output, folder, account);
            }
        }
        if (!LanceRows.exists(table)) {
            return;
        }
        List<String> named = List.copyOf(LanceRows.content(table).files().keySet());
        try (Stream<Path> data = Files.list(table.resolve("data"))) {
            data.filter(file -> !named.contains(file.getFileName().toString()))
                    .forEach(file -> account.add(
                            disturbed ? Kind.ORPHANED : Kind.LEFT_BEHIND, output.relativize(file) + describe(file)));
        }
    }

    private static void findHidden(Path output, Path folder, Account account) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(file -> file.getFileName().toString().startsWith("."))
                    .filter(file -> !isMarker(file))
                    .forEach(file -> account.add(Kind.LEFT_BEHIND, output.relativize(file) + describe(file)));
        }
    }

    /** An empty file by which a sink tells whose output this is; it stays on purpose. */
    private static boolean isMarker(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) == 0;
        } catch (IOException gone) {
            return false;
        }
    }

    private static String describe(Path entry) {
        if (!Files.isDirectory(entry)) {
            return "";
        }
        try (Stream<Path> content = Files.list(entry)) {
            return "/ with "
                    + content.map(file -> file.getFileName().toString())
                            .sorted()
                            .toList();
        } catch (IOException gone) {
            return "/";
        }
    }
}
