package io.solstice.worker.code;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Program.Artifact;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The jars of jobs on this worker's disk, each fetched once and named by its content. A file's name is its digest and
 * nothing that anybody else chose; a file of an earlier process is read through and checked before it is used.
 */
public final class ArtifactCache {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Path folder;
    private final ArtifactSource source;
    /** What is there and checked, or on its way, by digest. */
    private final Map<String, CompletableFuture<Path>> files = new ConcurrentHashMap<>();

    /** @param folder used by this process alone; made when it is first needed */
    public ArtifactCache(Path folder, ArtifactSource source) {
        this.folder = folder;
        this.source = source;
    }

    /** The jar's file; waits for it if need be. Called by any thread. */
    Path file(Artifact artifact) {
        if (!DIGEST.matcher(artifact.sha256()).matches()) {
            throw ErrorCode.ARTIFACT_UNREADABLE
                    .error("'" + artifact.sha256() + "' is not the digest of a jar")
                    .where(artifact.fileName())
                    .toException();
        }
        CompletableFuture<Path> mine = new CompletableFuture<>();
        CompletableFuture<Path> first = files.putIfAbsent(artifact.sha256(), mine);
        if (first == null) {
            bring(artifact, mine);
            first = mine;
        }
        try {
            return first.join();
        } catch (CompletionException failed) {
            throw SolsticeException.of(failed);
        }
    }

    private void bring(Artifact artifact, CompletableFuture<Path> mine) {
        try {
            Path file = folder.resolve(artifact.sha256() + ".jar");
            if (!isIntact(file, artifact)) {
                fetch(artifact, file);
            }
            mine.complete(file);
        } catch (IOException failure) {
            files.remove(artifact.sha256());
            mine.completeExceptionally(ErrorCode.IO_FAILED
                    .error("cannot bring the jar " + artifact.fileName() + " to this worker")
                    .where(folder.toString())
                    .cause(failure.toString())
                    .help("look at the worker's data_dir and its connection to the master, and run the job again")
                    .toException(failure));
        } catch (RuntimeException | Error failure) {
            files.remove(artifact.sha256());
            mine.completeExceptionally(failure);
        }
    }

    private static boolean isIntact(Path file, Artifact artifact) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) != artifact.sizeBytes()) {
            return false;
        }
        DigestingOutput digest = new DigestingOutput(OutputStream.nullOutputStream(), artifact.sizeBytes());
        try (InputStream bytes = Files.newInputStream(file)) {
            bytes.transferTo(digest);
        }
        return digest.digest().equals(artifact.sha256());
    }

    private void fetch(Artifact artifact, Path file) throws IOException {
        Files.createDirectories(folder);
        Path part = Files.createTempFile(folder, artifact.sha256() + "-", ".part");
        try {
            String digest;
            try (DigestingOutput out = new DigestingOutput(Files.newOutputStream(part), artifact.sizeBytes())) {
                source.fetch(artifact, out);
                digest = out.digest();
            }
            if (!digest.equals(artifact.sha256())) {
                throw ErrorCode.ARTIFACT_UNREADABLE
                        .error("the jar " + artifact.fileName() + " arrived damaged")
                        .cause("expected sha256 " + artifact.sha256() + ", found " + digest)
                        .help("submit the job again")
                        .toException();
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
