package io.solstice.master.artifact;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Program.Artifact;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.ZipFile;

/**
 * One jar on its way in. It is written aside and takes its name only when all of it is on the disk and is what it was
 * said to be, so that nobody ever reads half a jar. Used by one thread.
 */
public final class ArtifactUpload {
    private final ArtifactStore store;
    private final Artifact artifact;
    private final Path temporary;
    private final FileChannel channel;
    private final MessageDigest digest;
    private long received;

    ArtifactUpload(ArtifactStore store, Artifact artifact, Path temporary) throws IOException {
        this.store = store;
        this.artifact = artifact;
        this.temporary = temporary;
        this.digest = sha256();
        this.channel = FileChannel.open(temporary, StandardOpenOption.WRITE);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    public void write(ByteBuffer bytes) {
        received += bytes.remaining();
        if (received > artifact.sizeBytes()) {
            throw damaged("more than the " + artifact.sizeBytes() + " bytes came that were announced");
        }
        digest.update(bytes.duplicate());
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException failure) {
            throw ArtifactStore.failed(artifact, failure);
        }
    }

    /** Checks the whole and gives it its name. On a failure {@link #abort} must still be called. */
    public void finish() {
        String found = HexFormat.of().formatHex(digest.digest());
        if (received != artifact.sizeBytes()) {
            throw damaged("only " + received + " of " + artifact.sizeBytes() + " bytes came");
        }
        if (!found.equals(artifact.sha256())) {
            throw damaged("its SHA-256 is " + found + ", not " + artifact.sha256());
        }
        try {
            channel.force(true);
            channel.close();
            checkZip();
            Files.move(temporary, store.path(artifact.sha256()), StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel directory = FileChannel.open(store.directory(), StandardOpenOption.READ)) {
                directory.force(true);
            }
            store.keep(artifact.sha256());
        } catch (IOException failure) {
            throw ArtifactStore.failed(artifact, failure);
        }
    }

    private void checkZip() {
        try (ZipFile zip = new ZipFile(temporary.toFile())) {
            zip.size();
        } catch (IOException notAZip) {
            throw damaged("it is not a jar: " + notAZip.getMessage());
        }
    }

    private SolsticeException damaged(String cause) {
        return ErrorCode.ARTIFACT_UNREADABLE
                .error("artifact '" + artifact.fileName() + "' was not accepted")
                .cause(cause)
                .help("build the jar again and do not change it while it is being submitted")
                .toException();
    }

    /** Lets go of everything that is left; does nothing after a finish. */
    public void abort() {
        try {
            channel.close();
            Files.deleteIfExists(temporary);
        } catch (IOException ignored) {
            // the next start of the master throws it away
        }
    }
}
