package io.solstice.connector.files;

import io.solstice.common.error.ErrorCode;
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
 * Moves sealed parts to where readers see them. A directory is replaced in three steps, each a rename or a removal that
 * can be found half done and gone on with: the old one aside, the new one in, the old one away.
 */
final class Publication {
    private final Path target;
    private final TargetCheck check;
    private final List<StagedPart> parts;
    private final Path staging;

    Publication(Path target, TargetCheck check, List<StagedPart> parts) {
        this.target = target;
        this.check = check;
        this.parts = parts;
        this.staging = StagedPart.parent(parts.get(0).staged());
    }

    void publish() throws IOException {
        if (parts.get(0).single()) {
            publishFile(parts.get(0));
        } else {
            publishDirectory();
        }
    }

    private void publishFile(StagedPart part) throws IOException {
        if (Files.exists(part.staged())) {
            check.check(false);
            Files.move(part.staged(), target, StandardCopyOption.ATOMIC_MOVE);
            makeDurable(StagedPart.parent(target));
        } else if (!part.is(target)) {
            throw lost(part);
        }
        deleteIfEmpty(staging);
    }

    private void publishDirectory() throws IOException {
        Path replaced = staging.resolveSibling(staging.getFileName() + ".old");
        if (Files.isDirectory(staging)) {
            for (StagedPart part : parts) {
                if (!part.is(part.staged())) {
                    throw lost(part);
                }
            }
            keepOnlySealed();
            if (Files.exists(target)) {
                check.check(true);
                deleteTree(replaced);
                Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
            makeDurable(StagedPart.parent(target));
        } else {
            for (StagedPart part : parts) {
                if (!part.is(target.resolve(part.staged().getFileName()))) {
                    throw lost(part);
                }
            }
        }
        deleteTree(replaced);
    }

    /** A try of a task that was given up may have left a part behind. */
    private void keepOnlySealed() throws IOException {
        Set<Path> sealed = parts.stream().map(StagedPart::staged).collect(Collectors.toSet());
        try (Stream<Path> children = Files.list(staging)) {
            for (Path child : children.toList()) {
                if (!sealed.contains(child)) {
                    Files.delete(child);
                }
            }
        }
    }

    private RuntimeException lost(StagedPart part) {
        return ErrorCode.COMMIT_FAILED
                .error("output for '" + target + "' cannot be published")
                .where(part.staged().toString())
                .cause("the staged file has gone or changed, and the target does not hold it")
                .help("run the job again; nothing but the job may touch the staging directory")
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

    private static void deleteTree(Path directory) throws IOException {
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
