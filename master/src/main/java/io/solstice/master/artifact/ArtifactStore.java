package io.solstice.master.artifact;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Program.Artifact;
import io.solstice.common.wire.SpecCodec;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of jars, each named by the SHA-256 of its content, so that a file never changes and what is there need not
 * be sent again. Blocks on the disk; used by one thread. Two uploads of the same jar may be under way at once. When a new
 * jar comes and they take more room than they may, those go that were not used for longest and that no living job needs.
 */
public final class ArtifactStore {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactStore.class);
    private static final long PATIENCE_SECS = 5;
    private static final String UPLOADING = "uploading-";

    private final Path directory;
    private final long limitBytes;
    private final Room room;
    private final @Nullable SharedArtifacts shared;

    /** Of a master that no other follows. */
    public ArtifactStore(Path directory, long limitBytes, Room room) {
        this(directory, limitBytes, room, null);
    }

    /**
     * Makes the directory and throws away what uploads left behind that a crash interrupted.
     *
     * @param limitBytes the largest jar that is accepted
     * @param shared where each jar is kept for the masters to come, the directory being a cache of it
     */
    public ArtifactStore(Path directory, long limitBytes, Room room, @Nullable SharedArtifacts shared) {
        this.directory = directory;
        this.limitBytes = limitBytes;
        this.room = room;
        this.shared = shared;
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

    /** Whether it is here, and will be for a master to come; one that is here alone is brought there. */
    public boolean has(String sha256) {
        boolean cached = Files.isRegularFile(path(sha256));
        if (shared == null) {
            return cached;
        }
        if (cached) {
            shared.keep(sha256, path(sha256));
        }
        return cached || shared.has(sha256);
    }

    /** One that has just come and is on the disk. */
    void keep(String sha256) {
        if (shared != null) {
            shared.keep(sha256, path(sha256));
        }
        makeRoom(sha256);
    }

    /** Those that are not here, in the order given; those that are will be needed soon. */
    public List<String> missing(List<String> digests) {
        digests.stream().filter(this::has).forEach(this::used);
        return digests.stream().distinct().filter(digest -> !has(digest)).toList();
    }

    private void used(String sha256) {
        try {
            Files.setLastModifiedTime(
                    path(sha256), FileTime.fromMillis(room.clock().wallMillis()));
        } catch (IOException unmarked) {
            LOG.debug("the use of artifact {} was not noted", sha256, unmarked);
        }
    }

    private record Jar(Path file, String digest, long bytes, long lastUseMillis) {}

    /** Deletes what is too much; the one that has just come stays. */
    private void makeRoom(String newest) {
        used(newest);
        try {
            List<Jar> jars = jars();
            long bytes = jars.stream().mapToLong(Jar::bytes).sum();
            if (bytes <= room.bytes() && (shared == null || shared.bytes() <= room.bytes())) {
                return;
            }
            Set<String> needed = room.needed().get().get(PATIENCE_SECS, TimeUnit.SECONDS);
            if (shared != null) {
                List<String> byUse = jars.stream().map(Jar::digest).toList();
                shared.makeRoom(room.bytes(), byUse, digest -> needed.contains(digest) || digest.equals(newest));
            }
            for (Jar jar : jars) {
                if (bytes > room.bytes()
                        && !needed.contains(jar.digest())
                        && !jar.digest().equals(newest)) {
                    Files.delete(jar.file());
                    bytes -= jar.bytes();
                }
            }
        } catch (IOException
                | DirectoryIteratorException
                | ExecutionException
                | TimeoutException
                | SolsticeException unusual) {
            LOG.warn("old artifacts stay until the next one comes: {}", unusual.toString());
        } catch (InterruptedException ends) {
            Thread.currentThread().interrupt();
        }
    }

    /** The longest unused first. */
    private List<Jar> jars() throws IOException {
        List<Jar> jars = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path file : all) {
                String name = file.getFileName().toString();
                if (!name.startsWith(UPLOADING)) {
                    long lastUse = Files.getLastModifiedTime(file).toMillis();
                    jars.add(new Jar(file, name, Files.size(file), lastUse));
                }
            }
        }
        jars.sort(Comparator.comparingLong(Jar::lastUseMillis));
        return jars;
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
            bring(SpecCodec.sha256(sha256));
            return FileChannel.open(path(sha256), StandardOpenOption.READ);
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

    /** Into the cache, if only the other masters' store has it. */
    private void bring(String sha256) throws IOException {
        if (shared != null && !Files.isRegularFile(path(sha256)) && shared.has(sha256)) {
            Path temporary = Files.createTempFile(directory, UPLOADING, "");
            try {
                shared.fetch(sha256, temporary);
                Files.move(temporary, path(sha256), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
            makeRoom(sha256);
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
