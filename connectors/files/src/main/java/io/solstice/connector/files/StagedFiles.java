package io.solstice.connector.files;

import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkContext;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.fault.CrashPoint;
import io.solstice.common.protocol.Committable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/**
 * Where the files of a sink lie before and after they are published. Between two checkpoints each task writes one part
 * into a hidden directory beside the target, so on the same file system:
 * {@code .<name>.solstice-<run>-<stage>/part-00000.json}. Publishing renames, as {@link Publication} says.
 *
 * <p>Serves every connector that writes files. It keeps no state but the target, so that the object which commits need
 * not be the one that staged.
 */
public final class StagedFiles {
    private static final int STAGING_ATTEMPTS = 5;

    private final Path target;
    private final String extension;
    private final boolean overwrite;

    private StagedFiles(Path target, String extension, boolean overwrite) {
        this.target = target;
        this.extension = extension;
        this.overwrite = overwrite;
    }

    /** Makes one file of what was written between several checkpoints. */
    @FunctionalInterface
    public interface Merge {
        /** @param into a file that does not exist */
        void merge(List<Path> parts, Path into) throws IOException;
    }

    /**
     * @param outputPath as the user wrote it
     * @param extension of the parts, without the dot
     * @param overwrite whether an existing target of the same kind may be replaced
     */
    public static StagedFiles of(String outputPath, String extension, boolean overwrite) {
        return new StagedFiles(InputFiles.absolute(outputPath), extension, overwrite);
    }

    /** Checks that the target can be written, changing nothing. */
    public void validate(int parallelism, boolean bounded) throws IOException {
        new TargetCheck(target, extension, overwrite).check(!isSingle(parallelism, bounded));
    }

    /** One task whose rows come to an end writes one file; anything else is a directory of parts. */
    private static boolean isSingle(int parallelism, boolean bounded) {
        return parallelism == 1 && bounded;
    }

    /** Makes the staging directory and an empty part for this task, replacing what an earlier try of it left. */
    public Path stage(SinkContext context) throws IOException {
        Path directory = Hidden.of(target).staging(context.runId(), context.stageId());
        Path part = directory.resolve(name(context));
        for (int attempt = 1; ; attempt++) {
            try {
                if (!Files.isDirectory(directory)) {
                    Files.createDirectories(directory);
                    Publication.makeDurable(StagedPart.parent(directory));
                }
                Files.deleteIfExists(part);
                return Files.createFile(part);
            } catch (NoSuchFileException removed) {
                // A task that ended has just removed the directory because it was empty.
                if (attempt == STAGING_ATTEMPTS) {
                    throw removed;
                }
            } catch (IOException failure) {
                throw unusable(directory, failure);
            }
        }
    }

    /** The parts of a job's first epoch have plain names; later ones tell epoch and run too, so that all differ. */
    private String name(SinkContext context) {
        String epoch = context.epoch() == 1
                ? ""
                : String.format(
                        Locale.ROOT,
                        "-%06d-%08x",
                        context.epoch(),
                        context.runId().hashCode());
        return String.format(Locale.ROOT, "part-%05d%s.%s", context.taskIndex(), epoch, extension);
    }

    /** Makes the part durable and returns what {@link #commit} needs to publish it. */
    public String seal(Path part, SinkContext context) throws IOException {
        CrashPoint.FILES_BEFORE_SEAL.reach();
        try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        Publication.makeDurable(StagedPart.parent(part));
        CrashPoint.FILES_SEALED.reach();
        return StagedPart.of(target, part, isSingle(context.parallelism(), context.isBounded()))
                .toJson();
    }

    /** Removes a part that was not sealed, and the staging directory when it is the last one. */
    public void abandon(Path part) throws IOException {
        Files.deleteIfExists(part);
        Publication.deleteIfEmpty(StagedPart.parent(part));
    }

    /** Publishes all parts. Doing it again changes nothing; what cannot be proven published is an error. */
    public void commit(List<Committable> sealed, SinkCommit which, Merge merge) throws IOException {
        List<StagedPart> parts =
                sealed.stream().map(one -> StagedPart.parse(one.payload())).toList();
        TargetCheck check = new TargetCheck(target, extension, overwrite);
        Hidden hidden = Hidden.of(target);
        CrashPoint.FILES_BEFORE_COMMIT.reach();
        FilePublication file = new FilePublication(target, check, merge, which);
        if (parts.isEmpty() ? file.goesOn() : parts.get(0).single()) {
            file.publish(parts);
        } else if (!parts.isEmpty()) {
            new Publication(target, check, which).publish(parts);
        }
        if (which.isLast()) {
            Publication.deleteTree(hidden.staging(which.runId(), which.stageId()));
        }
        if (which.isLast() || which.isRecovery()) {
            for (Path left : hidden.stagedByOtherRuns(which)) {
                Publication.deleteTree(left);
            }
        }
        CrashPoint.FILES_COMMITTED.reach();
    }

    /** Removes sealed parts that will never be published. */
    public void discard(List<Committable> sealed) throws IOException {
        for (Committable one : sealed) {
            abandon(StagedPart.parse(one.payload()).staged());
        }
    }

    private static SolsticeException unusable(Path directory, IOException failure) {
        SolsticeException known = SolsticeException.of(failure);
        if (known.code() == ErrorCode.DISK_FULL) {
            return known;
        }
        return ErrorCode.PATH_UNUSABLE
                .error("cannot write to '" + directory.getParent() + "'")
                .where("FileSink.output_path")
                .cause(failure.getClass().getSimpleName() + ": " + failure.getMessage())
                .toException(failure);
    }
}
