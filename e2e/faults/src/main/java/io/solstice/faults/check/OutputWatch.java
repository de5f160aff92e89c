package io.solstice.faults.check;

import io.solstice.common.loop.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Looks at the output while the job runs, again and again: what was there once must stay as it was, and what is there
 * must belong to a checkpoint that is for ever. Used by one thread.
 */
public final class OutputWatch {
    private final List<Path> files;
    private final Path table;
    private final CheckpointFolder checkpoints;
    private final Account account;
    private final Map<String, String> known = new HashMap<>();
    private final StringBuilder published = new StringBuilder();
    private final List<Growth> growths = new ArrayList<>();
    private TreeMap<String, Long> tableFiles = new TreeMap<>();
    private String tableMark = "";
    private long newestEntry;
    private long generation;
    private boolean complete = true;
    private long tableVersion;

    /**
     * The output became more.
     *
     * @param nanos on the monotonic clock
     * @param generation of the newest checkpoint by then
     */
    public record Growth(long nanos, long generation, String what) {}

    /** @param files folders of files */
    public OutputWatch(List<Path> files, Path table, CheckpointFolder checkpoints, Account account) {
        this.files = List.copyOf(files);
        this.table = table;
        this.checkpoints = checkpoints;
        this.account = account;
    }

    /** Looks once. */
    public void look() throws IOException {
        List<String> fresh = new ArrayList<>();
        lookAtFiles(fresh);
        lookAtTable(fresh);
        if (fresh.isEmpty()) {
            return;
        }
        long now = Clock.SYSTEM.monotonicNanos();
        // After the output: what is there now was published by an entry that is there now.
        readLog();
        growths.add(new Growth(now, generation, String.join(" ", fresh)));
        for (String name : fresh) {
            if (complete && published.indexOf(name.substring(name.indexOf('/') + 1)) < 0) {
                account.add(Kind.TOO_EARLY, name + " is visible, and no checkpoint up to " + newestEntry + " names it");
            }
        }
    }

    private void lookAtFiles(List<String> fresh) throws IOException {
        Map<String, String> now = new HashMap<>();
        for (Path folder : files) {
            lookAtFiles(folder, now);
        }
        known.forEach((name, was) -> {
            String is = now.get(name);
            if (!was.equals(is)) {
                account.add(Kind.TAKEN_BACK, name + " was " + was + " and is " + (is == null ? "gone" : is));
            }
        });
        now.keySet().stream().filter(name -> !known.containsKey(name)).forEach(fresh::add);
        known.clear();
        known.putAll(now);
    }

    private void lookAtFiles(Path folder, Map<String, String> now) throws IOException {
        for (Path file : JsonFiles.visible(folder)) {
            String name = folder.getFileName() + "/" + file.getFileName();
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                now.put(name, attributes.size() + " bytes, file " + attributes.fileKey());
            } catch (NoSuchFileException gone) {
                account.add(Kind.TAKEN_BACK, name + " was listed and is gone");
            }
        }
    }

    private void lookAtTable(List<String> fresh) throws IOException {
        String mark = versions();
        if (mark.equals(tableMark)) {
            return;
        }
        tableMark = mark;
        LanceRows.Content now = LanceRows.content(table);
        if (now.version() < tableVersion) {
            account.add(Kind.TAKEN_BACK, "the table went from version " + tableVersion + " to " + now.version());
        }
        tableFiles.forEach((file, rows) -> {
            if (!rows.equals(now.files().get(file))) {
                account.add(
                        Kind.TAKEN_BACK,
                        file + " of the table had " + rows + " rows and has "
                                + now.files().get(file));
            }
        });
        now.files().keySet().stream()
                .filter(file -> !tableFiles.containsKey(file))
                .forEach(fresh::add);
        tableFiles = now.files();
        tableVersion = now.version();
    }

    /** Changes whenever the table does; cheaper than opening it. */
    private String versions() throws IOException {
        if (!LanceRows.exists(table)) {
            return "";
        }
        try (Stream<Path> all = Files.list(table.resolve("_versions"))) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".manifest"))
                    .sorted()
                    .toList()
                    .toString();
        }
    }

    private void readLog() throws IOException {
        for (Map.Entry<Long, Path> entry :
                checkpoints.entries().tailMap(newestEntry, false).entrySet()) {
            Optional<String> manifest = checkpoints.manifest(entry.getValue());
            // Whoever looks too seldom misses checkpoints that were removed, and cannot tell.
            complete &= manifest.isPresent() && entry.getKey() == newestEntry + 1;
            published.append(manifest.orElse(""));
            newestEntry = entry.getKey();
            generation = Math.max(generation, checkpoints.generation(entry.getValue()));
        }
    }

    /** When the output grew, in order. */
    public List<Growth> growths() {
        return List.copyOf(growths);
    }
}
