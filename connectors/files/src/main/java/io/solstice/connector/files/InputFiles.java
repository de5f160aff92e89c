package io.solstice.connector.files;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files that a user's paths mean: files, directories with all that is in them, globs. Names that begin with a
 * dot or an underscore are left out of directories and globs, as they are staged or marker files.
 */
public final class InputFiles {
    private static final int SIBLINGS_SHOWN = 8;
    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+://.*");

    private InputFiles() {}

    /** All files, sorted, each once. A path that means no file is an error. */
    public static List<Path> find(List<String> paths) {
        TreeSet<Path> found = new TreeSet<>();
        for (String path : paths) {
            List<Path> files = expand(path);
            for (Path file : files) {
                if (!Files.isReadable(file)) {
                    throw ErrorCode.PATH_UNUSABLE
                            .error("'" + file + "' cannot be read")
                            .where("FileSource.file_paths")
                            .cause("this user has no permission to read it")
                            .toException();
                }
            }
            found.addAll(files);
        }
        return List.copyOf(found);
    }

    /** The path as an absolute one; {@code file:} in front is allowed. */
    static Path absolute(String path) {
        String plain =
                path.startsWith("file://") ? path.substring(7) : path.startsWith("file:") ? path.substring(5) : path;
        if (SCHEME.matcher(plain).matches()) {
            throw ErrorCode.OPTION_INVALID
                    .error("'" + path + "' is not a path of this machine")
                    .cause("files are read and written on local and mounted file systems only")
                    .help("copy the files to a directory, or mount the store, and name that path")
                    .toException();
        }
        try {
            return Path.of(plain).toAbsolutePath().normalize();
        } catch (InvalidPathException impossible) {
            throw ErrorCode.OPTION_INVALID
                    .error("'" + path.replace('\0', '?') + "' cannot be a path")
                    .cause(String.valueOf(impossible.getReason()))
                    .help("name a file, a directory or a glob such as /data/in/*.json")
                    .toException(impossible);
        }
    }

    private static List<Path> expand(String path) {
        Path literal = absolute(path);
        if (Files.isRegularFile(literal)) {
            return List.of(literal);
        }
        try {
            if (Files.isDirectory(literal)) {
                List<Path> files = walk(literal, Integer.MAX_VALUE, null);
                if (files.isEmpty()) {
                    throw notFound(path, "the directory is empty or holds only hidden files", "");
                }
                return files;
            }
            if (firstGlobPart(literal) >= 0) {
                return glob(path, literal);
            }
        } catch (IOException failure) {
            throw ErrorCode.IO_FAILED
                    .error("'" + path + "' cannot be listed")
                    .where("FileSource.file_paths")
                    .cause(String.valueOf(failure.getMessage()))
                    .toException(failure);
        }
        throw missing(path, literal);
    }

    private static List<Path> glob(String given, Path pattern) throws IOException {
        int first = firstGlobPart(pattern);
        Path base = pattern.getRoot();
        for (int i = 0; i < first; i++) {
            base = base.resolve(pattern.getName(i));
        }
        if (!Files.isDirectory(base)) {
            throw missing(given, base);
        }
        int depth = pattern.toString().contains("**") ? Integer.MAX_VALUE : pattern.getNameCount() - first;
        PathMatcher matcher = base.getFileSystem().getPathMatcher("glob:" + pattern);
        List<Path> files = walk(base, depth, matcher);
        if (files.isEmpty()) {
            throw notFound(given, "no file in '" + base + "' matches", siblings(base));
        }
        return files;
    }

    private static int firstGlobPart(Path path) {
        for (int i = 0; i < path.getNameCount(); i++) {
            String part = path.getName(i).toString();
            if (part.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0)) {
                return i;
            }
        }
        return -1;
    }

    private static List<Path> walk(Path base, int depth, @Nullable PathMatcher matcher) throws IOException {
        List<Path> files = new ArrayList<>();
        FileVisitor<Path> visitor = new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean skip = !directory.equals(base) && isHidden(directory);
                return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!isHidden(file) && Files.isRegularFile(file) && (matcher == null || matcher.matches(file))) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        };
        Files.walkFileTree(base, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, visitor);
        return files;
    }

    private static boolean isHidden(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(".") || name.startsWith("_");
    }

    private static SolsticeException missing(String given, Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            return notFound(given, "it is the root of the file system", "");
        }
        if (Files.isDirectory(parent)) {
            String name = String.valueOf(path.getFileName());
            String near = NearestName.of(name, names(parent))
                    .map(sibling -> "did you mean '" + parent.resolve(sibling) + "'?")
                    .orElse("");
            return notFound(given, "there is no such file or directory", near.isEmpty() ? siblings(parent) : near);
        }
        Path existing = parent;
        while (existing.getParent() != null && !Files.isDirectory(existing.getParent())) {
            existing = existing.getParent();
        }
        return notFound(given, "the directory '" + existing + "' does not exist", siblings(existing.getParent()));
    }

    private static String siblings(@Nullable Path directory) {
        List<String> names = directory == null ? List.of() : names(directory);
        if (directory == null || names.isEmpty()) {
            return "";
        }
        String shown = String.join(", ", names.subList(0, Math.min(SIBLINGS_SHOWN, names.size())));
        return "'" + directory + "' holds: " + shown + (names.size() > SIBLINGS_SHOWN ? ", ..." : "");
    }

    private static List<String> names(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static SolsticeException notFound(String path, String cause, String help) {
        return ErrorCode.SOURCE_NOT_FOUND
                .error("nothing to read at '" + path + "'")
                .where("FileSource.file_paths")
                .cause(cause)
                .help(help)
                .toException();
    }
}
