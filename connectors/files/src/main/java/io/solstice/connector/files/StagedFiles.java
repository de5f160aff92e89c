package io.solstice.connector.files;

import io.solstice.api.sink.SinkContext;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
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
 * Where the files of a sink lie before and after they are published. Each task writes one part into a hidden directory
 * beside the target, so on the same file system: {@code .<name>.solstice-<run>-<stage>/part-00000.json}. Publishing
 * renames: one part becomes the target file, several parts become the target directory as a whole.
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

    /**
     * @param outputPath as the user wrote it
     * @param extension of the parts, without the dot
     * @param overwrite whether an existing target of the same kind may be replaced
     */
    public static StagedFiles of(String outputPath, String extension, boolean overwrite) {
        return new StagedFiles(InputFiles.absolute(outputPath), extension, overwrite);
    }

    /** Checks that the target can be written, changing nothing. */
    public void validate(int parallelism) throws IOException {
        new TargetCheck(target, extension, overwrite).check(parallelism > 1);
    }

    /** Makes the staging directory and an empty part for this task, replacing what an earlier try of it left. */
    public Path stage(SinkContext context) throws IOException {
        Path directory = target.resolveSibling("." + target.getFileName() + StagedPart.STAGING_MARK
                + name(context.runId()) + "-" + name(context.stageId()));
        Path part = directory.resolve(String.format(Locale.ROOT, "part-%05d.%s", context.taskIndex(), extension));
        for (int attempt = 1; ; attempt++) {
            try {
                Files.createDirectories(directory);
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

    /** Makes the part durable and returns what {@link #commit} needs to publish it. */
    public String seal(Path part, int parallelism) throws IOException {
        try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        Publication.makeDurable(StagedPart.parent(part));
        return StagedPart.of(target, part, parallelism == 1).toJson();
    }

    /** Removes a part that was not sealed, and the staging directory when it is the last one. */
    public void abandon(Path part) throws IOException {
        Files.deleteIfExists(part);
        Publication.deleteIfEmpty(StagedPart.parent(part));
    }

    /** Publishes all parts. Doing it again changes nothing; what cannot be proven published is an error. */
    public void commit(List<Committable> sealed) throws IOException {
        if (sealed.isEmpty()) {
            return;
        }
        List<StagedPart> parts =
                sealed.stream().map(one -> StagedPart.parse(one.payload())).toList();
        new Publication(target, new TargetCheck(target, extension, overwrite), parts).publish();
    }

    /** Removes sealed parts that will never be published. */
    public void discard(List<Committable> sealed) throws IOException {
        for (Committable one : sealed) {
            abandon(StagedPart.parse(one.payload()).staged());
        }
    }

    private static String name(String id) {
        return id.replaceAll("[^A-Za-z0-9._-]", "_");
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
