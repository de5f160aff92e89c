package io.solstice.connector.lance;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directory of a table, and what is there.
 *
 * @param path absolute
 * @param option the configuration key that named it, for messages
 */
record TableLocation(Path path, String option) {
    static final String DATA = "data";
    private static final String VERSIONS = "_versions";
    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+://.*");

    /** What stands at the path. */
    enum State {
        /** Nothing, or what is left of writers that never published: a new table may be made. */
        FREE,
        TABLE,
        /** A file, or a directory of something else. */
        OTHER
    }

    static TableLocation of(String given, String option) {
        try {
            if (given.startsWith("file:")) {
                return new TableLocation(Path.of(URI.create(given)).toAbsolutePath(), option);
            }
            if (!given.isBlank() && !SCHEME.matcher(given).matches()) {
                return new TableLocation(Path.of(given).toAbsolutePath().normalize(), option);
            }
        } catch (IllegalArgumentException notAPath) {
            // the error below says what is accepted
        }
        throw ErrorCode.OPTION_INVALID
                .error("'" + given + "' is not a path of a Lance table")
                .where(option)
                .cause("expected a directory of this machine, such as /data/events.lance")
                .toException();
    }

    String uri() {
        return path.toString();
    }

    Path data() {
        return path.resolve(DATA);
    }

    State state() throws IOException {
        if (!Files.exists(path)) {
            return State.FREE;
        }
        if (!Files.isDirectory(path)) {
            return State.OTHER;
        }
        try (Stream<Path> entries = Files.list(path)) {
            List<String> names =
                    entries.map(entry -> String.valueOf(entry.getFileName())).toList();
            if (names.contains(VERSIONS)) {
                return State.TABLE;
            }
            return names.isEmpty() || names.equals(List.of(DATA)) ? State.FREE : State.OTHER;
        }
    }

    /** Refuses a source that is not there or not a table. */
    void requireTable() throws IOException {
        if (!Files.exists(path)) {
            throw ErrorCode.SOURCE_NOT_FOUND
                    .error("no Lance table at " + path)
                    .where(option)
                    .cause("the path does not exist" + nearestFolder())
                    .help("check the path; it names the table's own directory, often ending in .lance")
                    .toException();
        }
        if (state() != State.TABLE) {
            throw ErrorCode.SOURCE_FORMAT
                    .error(path + " is not a Lance table")
                    .where(option)
                    .cause(
                            Files.isDirectory(path)
                                    ? "the directory has no '" + VERSIONS + "' folder"
                                    : "it is a file; a Lance table is a directory")
                    .help("name the table's own directory, the one that holds '" + VERSIONS + "' and '" + DATA + "'")
                    .toException();
        }
    }

    /** Refuses a target that holds something else or cannot be written. Changes nothing. */
    void requireWritable() throws IOException {
        if (state() == State.OTHER) {
            throw conflict("the path exists and is not a Lance table")
                    .error()
                    .help("write to another path, or remove what is there")
                    .toException();
        }
        Path folder = existingFolder();
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw ErrorCode.PATH_UNUSABLE
                    .error("cannot write to " + path)
                    .where(option)
                    .cause(folder + (Files.isDirectory(folder) ? " is not writable" : " is not a directory"))
                    .help("write to another path, or change the permissions")
                    .toException();
        }
    }

    SolsticeException conflict(String cause) {
        return ErrorCode.TARGET_CONFLICT
                .error("cannot write to " + path)
                .where(option)
                .cause(cause)
                .toException();
    }

    private Path existingFolder() {
        Path folder = path;
        while (!Files.exists(folder) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        return folder;
    }

    private String nearestFolder() {
        Path folder = existingFolder();
        return folder.equals(path.getParent()) ? "" : "; the deepest folder that does is " + folder;
    }
}
