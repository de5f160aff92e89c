package io.solstice.connector.files;

import io.solstice.api.sink.SinkCommit;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.fault.CrashPoint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Moves sealed parts into the target directory, where readers see them. With the first commit of a submission the
 * directory is made, in place of an older one: parts into a new directory beside it, the old one aside, the new one in,
 * the old one away. A hidden file in it says whose it is, so that later commits add to it. Each step is a rename or a
 * removal, and a commit that was cut short anywhere goes on when it is repeated.
 *
 * <p>A job that goes on with several tasks after it had one may find what was kept for a single file: those parts come
 * into the directory behind the first that are committed.
 */
final class Publication {
    private final Path target;
    private final TargetCheck check;
    private final SinkCommit which;
    private final Path fresh;
    private final Path replaced;
    private final Path kept;

    Publication(Path target, TargetCheck check, SinkCommit which) {
        this.target = target;
        this.check = check;
        this.which = which;
        this.fresh = Hidden.of(target).fresh(which);
        this.replaced = Hidden.of(target).replaced(which);
        this.kept = Hidden.of(target).kept(which);
    }

    void publish(List<StagedPart> parts) throws IOException {
        Path marker = target.resolve(Hidden.marker(which));
        if (!areAllIn(target, parts)) {
            if (Files.exists(marker)) {
                add(parts);
            } else if (which.isContinued() && Files.isDirectory(target)) {
                check.checkParts();
                mark(target);
                add(parts);
            } else {
                replace(parts);
            }
        }
        if (which.isLast()) {
            Files.deleteIfExists(marker);
        }
        deleteTree(replaced);
        addKept();
        for (StagedPart part : parts) {
            deleteIfEmpty(StagedPart.parent(part.staged()));
        }
    }

    private static boolean areAllIn(Path directory, List<StagedPart> parts) throws IOException {
        for (StagedPart part : parts) {
            if (!part.is(directory.resolve(part.name()))) {
                return false;
            }
        }
        return true;
    }

    private void add(List<StagedPart> parts) throws IOException {
        move(parts, target);
        makeDurable(target);
    }

    private void replace(List<StagedPart> parts) throws IOException {
        boolean there = Files.exists(target);
        if (there) {
            check.check(true);
        }
        Files.createDirectories(fresh);
        move(parts, fresh);
        keepOnly(parts);
        mark(fresh);
        if (there) {
            deleteTree(replaced);
            Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        makeDurable(StagedPart.parent(target));
    }

    /** What was kept by a submission that this one does not go on with counts no more. */
    private void addKept() throws IOException {
        if (which.isContinued() && Files.isDirectory(kept)) {
            try (Stream<Path> files = Files.list(kept)) {
                for (Path part : files.toList()) {
                    String name = String.valueOf(part.getFileName());
                    if (!name.startsWith(".")) {
                        addKept(part, target.resolve(name));
                    }
                }
            }
            makeDurable(target);
        }
        deleteTree(kept);
    }

    private void addKept(Path part, Path there) throws IOException {
        if (Files.exists(there)) {
            throw ErrorCode.COMMIT_FAILED
                    .error("output for '" + target + "' cannot be published")
                    .where(part.toString())
                    .cause("the target holds another file of that name")
                    .help("move that file away; the job then goes on from its newest checkpoint")
                    .toException();
        }
        Files.move(part, there, StandardCopyOption.ATOMIC_MOVE);
    }

    /** An earlier submission may have ended in the middle of this. */
    private void keepOnly(List<StagedPart> parts) throws IOException {
        Set<String> names = parts.stream().map(StagedPart::name).collect(Collectors.toSet());
        try (Stream<Path> children = Files.list(fresh)) {
            for (Path child : children.toList()) {
                if (!names.contains(String.valueOf(child.getFileName()))) {
                    Files.delete(child);
                }
            }
        }
    }

    private void mark(Path directory) throws IOException {
        mark(directory, which);
    }

    /** Says whose the directory is, and makes that and all its other names durable. */
    static void mark(Path directory, SinkCommit which) throws IOException {
        Path marker = directory.resolve(Hidden.marker(which));
        if (!Files.exists(marker)) {
            Files.createFile(marker);
        }
        makeDurable(directory);
    }

    /** Moves each part there, unless it is there already. */
    static void move(List<StagedPart> parts, Path directory) throws IOException {
        for (StagedPart part : parts) {
            Path there = directory.resolve(part.name());
            if (part.is(part.staged())) {
                Files.move(part.staged(), there, StandardCopyOption.ATOMIC_MOVE);
                CrashPoint.FILES_ONE_COMMITTED.reach();
            } else if (!part.is(there)) {
                throw lost(part);
            }
        }
    }

    static RuntimeException lost(StagedPart part) {
        return ErrorCode.COMMIT_FAILED
                .error("output for '" + part.target() + "' cannot be published")
                .where(part.staged().toString())
                .cause("the staged file has gone or changed, and the target does not hold it")
                .help(
                        part.single() && Files.isRegularFile(part.target())
                                ? "the file is of a later checkpoint or of something else: go on from the newest"
                                        + " checkpoint, or name another output_path"
                                : "run the job again; nothing but the job may touch the staging directory")
                .toException();
    }

    /** Makes renames and creations in a directory durable, where the system can. */
    static void makeDurable(Path directory) throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    static void deleteIfEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException inUse) {
            // Other tasks still have parts there; the last one removes it.
        }
    }

    static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException gone) {
            // Somebody else removed it first, which is as good.
        }
    }
}
