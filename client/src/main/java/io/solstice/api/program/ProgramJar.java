package io.solstice.api.program;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.Program.Artifact;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A jar with a user's classes that travels to the workers.
 *
 * @param artifact its name by content
 * @param content opens its bytes, as often as asked
 */
public record ProgramJar(Artifact artifact, Content content) {
    private static final int PIECE = 1 << 16;

    /** Where the bytes come from. */
    public interface Content {
        InputStream open() throws IOException;
    }

    /** A jar file as it is, or a folder of classes packed into a jar in memory. */
    public static ProgramJar of(Path jarOrFolder) {
        try {
            if (Files.isDirectory(jarOrFolder)) {
                Path name = jarOrFolder.toAbsolutePath().normalize().getFileName();
                return of(name + ".jar", ClassPacker.pack(ClassPacker.files(jarOrFolder)));
            }
            Artifact artifact =
                    artifact(String.valueOf(jarOrFolder.getFileName()), () -> Files.newInputStream(jarOrFolder));
            return new ProgramJar(artifact, () -> Files.newInputStream(jarOrFolder));
        } catch (IOException unreadable) {
            throw ErrorCode.ARTIFACT_UNREADABLE
                    .error("cannot read the code in " + jarOrFolder)
                    .cause(unreadable.toString())
                    .help("give the path of a jar file or of a folder of classes")
                    .toException(unreadable);
        }
    }

    /** Compiled classes by their names. */
    static ProgramJar of(String fileName, Map<String, byte[]> classes) {
        try {
            return of(fileName, ClassPacker.pack(ClassPacker.classes(classes)));
        } catch (IOException impossible) {
            throw SolsticeException.of(impossible);
        }
    }

    private static ProgramJar of(String fileName, byte[] bytes) throws IOException {
        Content content = () -> new ByteArrayInputStream(bytes);
        return new ProgramJar(artifact(fileName, content), content);
    }

    /** The jar or folder that a class was loaded from; null if it came from neither. */
    public static @Nullable Path sourceOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return null;
        }
        try {
            Path path = Path.of(source.getLocation().toURI());
            return Files.exists(path) ? path : null;
        } catch (URISyntaxException | IllegalArgumentException | java.nio.file.FileSystemNotFoundException notAFile) {
            return null;
        }
    }

    private static Artifact artifact(String fileName, Content content) throws IOException {
        MessageDigest digest = sha256();
        long size = 0;
        try (InputStream bytes = content.open()) {
            byte[] piece = new byte[PIECE];
            for (int read = bytes.read(piece); read >= 0; read = bytes.read(piece)) {
                digest.update(piece, 0, read);
                size += read;
            }
        }
        return new Artifact(HexFormat.of().formatHex(digest.digest()), fileName, size);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
