package io.solstice.master.artifact;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Program.Artifact;
import io.solstice.common.wire.SpecCodec;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A directory of jars, each named by the SHA-256 of its content, so that a file never changes and what is there need not
 * be sent again. Blocks on the disk; used by one thread. Two uploads of the same jar may be under way at once.
 */
public final class ArtifactStore {
    private static final String UPLOADING = "uploading-";

    private final Path directory;
    private final long limitBytes;

    /**
     * Makes the directory and throws away what uploads left behind that a crash interrupted.
     *
     * @param limitBytes the largest jar that is accepted
     */
    public ArtifactStore(Path directory, long limitBytes) {
        this.directory = directory;
        this.limitBytes = limitBytes;
        try {
            Files.createDirectories(directory);
            try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, UPLOADING + "*")) {
                for (Path file : left) {
                    Files.delete(file);
                }
            }
        } catch (IOException failure) {
            throw ErrorCode.PATH_UNUSABLE
                    .error("artifacts cannot be kept in " + directory)
                    .where("data_dir")
                    .cause(String.valueOf(failure))
                    .help("make the directory writable, or give another data_dir")
                    .toException(failure);
        }
    }

    public boolean has(String sha256) {
        return Files.isRegularFile(path(sha256));
    }

    /** Those that are not here, in the order given. */
    public List<String> missing(List<String> digests) {
        return digests.stream().distinct().filter(digest -> !has(digest)).toList();
    }

    /** Begins to take in a jar; {@link ArtifactUpload#finish} or {@link ArtifactUpload#abort} must follow. */
    public ArtifactUpload upload(Artifact artifact) {
        SpecCodec.sha256(artifact.sha256());
        if (artifact.sizeBytes() > limitBytes) {
            throw tooLarge(artifact);
        }
        try {
            Path temporary = Files.createTempFile(directory, UPLOADING, "");
            return new ArtifactUpload(this, artifact, temporary);
        } catch (IOException failure) {
            throw failed(artifact, failure);
        }
    }

    /** To read a jar that is here; whoever opens it closes it. */
    public FileChannel open(String sha256) {
        try {
            return FileChannel.open(path(SpecCodec.sha256(sha256)), StandardOpenOption.READ);
        } catch (NoSuchFileException absent) {
            throw ErrorCode.ARTIFACT_UNKNOWN
                    .error("there is no artifact " + sha256)
                    .help("upload it first; FindMissingArtifacts tells which are missing")
                    .toException(absent);
        } catch (IOException failure) {
            throw ErrorCode.IO_FAILED
                    .error("artifact " + sha256 + " cannot be read")
                    .cause(String.valueOf(failure))
                    .toException(failure);
        }
    }

    Path path(String sha256) {
        return directory.resolve(sha256);
    }

    Path directory() {
        return directory;
    }

    private SolsticeException tooLarge(Artifact artifact) {
        return ErrorCode.ARTIFACT_TOO_LARGE
                .error("artifact '" + artifact.fileName() + "' has " + artifact.sizeBytes() + " bytes")
                .cause("the master accepts at most " + limitBytes)
                .help("leave Solstice itself and unneeded libraries out of the jar, or raise artifact_limit")
                .toException();
    }

    /** A full disk is told by its name. */
    static SolsticeException failed(Artifact artifact, IOException failure) {
        SolsticeException coded = SolsticeException.of(failure);
        String where = "artifact '" + artifact.fileName() + "'";
        return coded.code() == ErrorCode.DISK_FULL
                ? coded.error().where(where).toException(failure)
                : ErrorCode.IO_FAILED
                        .error("an artifact could not be stored")
                        .where(where)
                        .cause(String.valueOf(failure))
                        .help("see the master's log and the state of its disk, then submit again")
                        .toException(failure);
    }
}
