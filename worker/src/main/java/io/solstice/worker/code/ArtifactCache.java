package io.solstice.worker.code;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Program.Artifact;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jars of jobs on this worker's disk, each fetched once and named by its content. A file's name is its digest and
 * nothing that anybody else chose; a file of an earlier process is read through and checked before it is used. When they
 * take more room than they may, those go that were not used for longest; one that a job uses stays.
 */
public final class ArtifactCache {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactCache.class);
    private static final String JAR = ".jar";
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Path folder;
    private final ArtifactSource source;
    private final long limitBytes;
    private final AtomicLong uses = new AtomicLong();
    /** What is there and checked, or on its way, by digest. */
    private final ConcurrentHashMap<String, Kept> files = new ConcurrentHashMap<>();

    /**
     * A jar.
     *
     * @param users how many use it now
     * @param lastUse numbers uses of all jars
     */
    private record Kept(CompletableFuture<Path> file, int users, long lastUse) {}

    /** What may be deleted: those that this process has not used come first, the oldest first. */
    private record Candidate(Path file, String digest, long lastUse, FileTime written) {}

    /**
     * @param folder used by this process alone; made when it is first needed
     * @param limitBytes how much room jars may take together that no job uses
     */
    public ArtifactCache(Path folder, long limitBytes, ArtifactSource source) {
        this.folder = folder;
        this.limitBytes = limitBytes;
        this.source = source;
    }

    /**
     * The jar's file, which stays until it is given back with {@link #release}; waits for it if need be. Called by any
     * thread.
     */
    Path file(Artifact artifact) {
        if (!DIGEST.matcher(artifact.sha256()).matches()) {
            throw ErrorCode.ARTIFACT_UNREADABLE
                    .error("'" + artifact.sha256() + "' is not the digest of a jar")
                    .where(artifact.fileName())
                    .toException();
        }
        CompletableFuture<Path> mine = new CompletableFuture<>();
        Kept kept = files.merge(
                artifact.sha256(),
                new Kept(mine, 1, uses.incrementAndGet()),
                (there, more) -> new Kept(there.file(), there.users() + 1, more.lastUse()));
        if (kept.file() == mine) {
            bring(artifact, mine);
        }
        try {
            return kept.file().join();
        } catch (CompletionException failed) {
            throw SolsticeException.of(failed);
        }
    }

    private void bring(Artifact artifact, CompletableFuture<Path> mine) {
        try {
            Path file = folder.resolve(artifact.sha256() + JAR);
            if (!isIntact(file, artifact)) {
                fetch(artifact, file);
            }
            mine.complete(file);
            makeRoom();
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

    /** A user of the jar is done with it. */
    void release(Artifact artifact) {
        files.computeIfPresent(
                artifact.sha256(), (digest, kept) -> new Kept(kept.file(), kept.users() - 1, kept.lastUse()));
    }

    private void makeRoom() {
        List<Candidate> jars = new ArrayList<>();
        long bytes = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*" + JAR)) {
            for (Path jar : all) {
                String digest = jar.getFileName().toString().replace(JAR, "");
                Kept kept = files.get(digest);
                jars.add(new Candidate(jar, digest, kept == null ? 0 : kept.lastUse(), Files.getLastModifiedTime(jar)));
                bytes += Files.size(jar);
            }
        } catch (IOException | DirectoryIteratorException changing) {
            LOG.debug("old jars stay until the next one comes", changing);
            return;
        }
        jars.sort(Comparator.comparingLong(Candidate::lastUse).thenComparing(Candidate::written));
        for (Candidate jar : jars) {
            if (bytes <= limitBytes) {
                return;
            }
            bytes -= delete(jar);
        }
    }

    /** Returns how many bytes that gave; none if it is in use. */
    private long delete(Candidate jar) {
        AtomicLong freed = new AtomicLong();
        files.compute(jar.digest(), (digest, kept) -> {
            if (kept != null && kept.users() > 0) {
                return kept;
            }
            try {
                long size = Files.size(jar.file());
                Files.delete(jar.file());
                freed.set(size);
            } catch (IOException stays) {
                LOG.warn("an old jar could not be deleted: {}", stays.toString());
            }
            return null;
        });
        return freed.get();
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
