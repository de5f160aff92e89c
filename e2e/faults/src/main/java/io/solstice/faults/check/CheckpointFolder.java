package io.solstice.faults.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of one job in a local folder, read from outside: a log of numbered entries, each naming a manifest,
 * and a mark beside each entry whose output has been published.
 *
 * @param base of the state backend
 */
public record CheckpointFolder(Path base, String job) {
    /** So many checkpoints are kept, as the master is configured by default. */
    private static final int RETAINED = 5;

    /** How the S3 server of the harness names, beside the state backend, an upload that has not been completed. */
    private static final String UPLOAD = ".mpus-";

    private static final Pattern ENTRY = Pattern.compile("(\\d+)\\.json");
    private static final Pattern MARK = Pattern.compile("(\\d+)\\.committed");
    private static final Pattern GENERATION = Pattern.compile("\"generation\":\\s*(\\d+)");
    private static final Pattern OBJECT =
            Pattern.compile("\"(?:key|manifest)\":\"([^\"]+)\",\"(?:manifest_)?bytes\":(\\d+),"
                    + "\"(?:manifest_)?sha256\":\"([0-9a-f]{64})\"");
    private static final Pattern KEY = Pattern.compile("\"([A-Za-z0-9._=+@~-]+(?:/[A-Za-z0-9._=+@~-]+)+)\"");

    Path log() {
        return base.resolve(job).resolve("log");
    }

    /** The number of the newest checkpoint whose output has been published, or 0. */
    public long newestPublished() throws IOException {
        return numbered(MARK).isEmpty() ? 0 : numbered(MARK).lastKey();
    }

    /** The entries by number. */
    public TreeMap<Long, Path> entries() throws IOException {
        return numbered(ENTRY);
    }

    private TreeMap<Long, Path> numbered(Pattern pattern) throws IOException {
        TreeMap<Long, Path> found = new TreeMap<>();
        for (Path file : list(log())) {
            Matcher name = pattern.matcher(file.getFileName().toString());
            if (name.matches()) {
                found.put(Long.parseLong(name.group(1)), file);
            }
        }
        return found;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    /** The text of the manifest that an entry names; empty if it has been removed meanwhile. */
    Optional<String> manifest(Path entry) throws IOException {
        try {
            for (String key : keys(Files.readString(entry))) {
                if (key.endsWith("manifest.json")) {
                    return Optional.of(Files.readString(base.resolve(key)));
                }
            }
            return Optional.empty();
        } catch (NoSuchFileException removed) {
            return Optional.empty();
        }
    }

    /** The generation of the job that an entry is of; 0 if it has been removed meanwhile. */
    long generation(Path entry) throws IOException {
        try {
            Matcher generation = GENERATION.matcher(Files.readString(entry));
            return generation.find() ? Long.parseLong(generation.group(1)) : 0;
        } catch (NoSuchFileException removed) {
            return 0;
        }
    }

    /** That of the newest entry, or 0. */
    public long newestGeneration() throws IOException {
        TreeMap<Long, Path> entries = entries();
        return entries.isEmpty() ? 0 : generation(entries.lastEntry().getValue());
    }

    /** The newest entry. */
    public Path newestEntry() throws IOException {
        return entries().lastEntry().getValue();
    }

    /** The manifest that the newest entry names. */
    public Path newestManifest() throws IOException {
        return base.resolve(keys(Files.readString(newestEntry())).stream()
                .filter(key -> key.endsWith("manifest.json"))
                .findFirst()
                .orElseThrow());
    }

    /** The states of operators that it names. */
    public List<Path> newestStates() throws IOException {
        return keys(Files.readString(newestManifest())).stream()
                .filter(key -> key.endsWith(".arrow"))
                .map(base::resolve)
                .toList();
    }

    /** Texts that could be keys of objects. */
    static List<String> keys(String text) {
        List<String> keys = new ArrayList<>();
        Matcher key = KEY.matcher(text);
        while (key.find()) {
            keys.add(key.group(1));
        }
        return keys;
    }

    /**
     * Finds what nothing leads to.
     *
     * @param disturbed whether a process was killed or taken for lost, so that nobody may know of a file
     */
    public void check(boolean disturbed, Account account) throws IOException {
        Set<String> reachable = new HashSet<>();
        List<Path> all = List.copyOf(entries().values());
        for (int i = 0; i < all.size(); i++) {
            String text = Files.readString(all.get(i));
            reachable.add(key(all.get(i)));
            reachable.add(key(all.get(i)).replace(".json", ".committed"));
            Optional<String> manifest = manifest(all.get(i));
            // Of older ones only the entries of the log stay, and not for ever.
            if (manifest.isPresent() || i >= all.size() - RETAINED) {
                verify(text, account);
                verify(manifest.orElse(""), account);
                reachable.addAll(keys(text));
                reachable.addAll(keys(manifest.orElse("")));
            }
        }
        for (Path file : list(base.resolveSibling(""))) {
            if (file.getFileName().toString().startsWith(UPLOAD)) {
                account.add(disturbed ? Kind.ORPHANED : Kind.UNREFERENCED, "an upload in parts: " + file.getFileName());
            }
        }
        Path folder = base.resolve(job);
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!reachable.contains(key(file)) && !isNote(key(file))) {
                    account.add(disturbed ? Kind.ORPHANED : Kind.UNREFERENCED, key(file));
                }
            }
        }
    }

    /** Of a master that took the job over, that old entries of the log are deleted, or a dead letter; these stay. */
    private boolean isNote(String key) {
        return Stream.of("/takeovers/", "/closed/", "/errors/").anyMatch(folder -> key.startsWith(job + folder));
    }

    /** Every object that a text names must be there as it was written. */
    private void verify(String text, Account account) throws IOException {
        Matcher object = OBJECT.matcher(text);
        while (object.find()) {
            Path file = base.resolve(object.group(1));
            if (!Files.isRegularFile(file)) {
                account.add(Kind.DAMAGED, object.group(1) + " is missing");
                continue;
            }
            byte[] content = Files.readAllBytes(file);
            String digest = HexFormat.of().formatHex(sha256().digest(content));
            if (content.length != Long.parseLong(object.group(2)) || !digest.equals(object.group(3))) {
                account.add(Kind.DAMAGED, object.group(1) + " is not what it was");
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String key(Path file) {
        return base.relativize(file).toString();
    }
}
