package io.solstice.common.rpc;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The users who may call. Holds only hashes of their tokens, so that no dump of the memory gives a token away. */
final class Tokens {
    private static final long LARGEST_BYTES = 1 << 20;
    private static final int SHORTEST_TOKEN = 16;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}");
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Map<String, byte[]> hashes;

    private Tokens(Map<String, byte[]> hashes) {
        this.hashes = hashes;
    }

    /** Lines of {@code name:token}; empty ones and those that start with {@code #} mean nothing. */
    static Tokens read(Path file) {
        Map<String, byte[]> hashes = new LinkedHashMap<>();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String place = file + ":" + (i + 1);
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).strip();
            String token = line.substring(colon + 1).strip();
            if (!NAME.matcher(name).matches()) {
                throw invalid(place, "the line is not name:token", "write one user a line, for example ada:<token>");
            }
            if (token.length() < SHORTEST_TOKEN || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw invalid(
                        place,
                        "the token of '" + name + "' is shorter than " + SHORTEST_TOKEN
                                + " characters, or has some that a header cannot carry",
                        "make one with: head -c 32 /dev/urandom | base64");
            }
            if (hashes.put(name, hash(token)) != null) {
                throw invalid(place, "'" + name + "' is there twice", "keep one of the lines");
            }
        }
        if (hashes.isEmpty()) {
            throw invalid(file.toString(), "it names no user", "write one user a line: name:token");
        }
        return new Tokens(hashes);
    }

    private static List<String> lines(Path file) {
        try {
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
                throw invalid(file.toString(), "others than its owner can use it", "chmod 600 " + file);
            }
            if (Files.size(file) > LARGEST_BYTES) {
                throw invalid(file.toString(), "it is larger than " + LARGEST_BYTES + " bytes", "remove users");
            }
            return Files.readAllLines(file);
        } catch (IOException unreadable) {
            throw invalid(file.toString(), "it cannot be read: " + unreadable, "mend tokens_file or the file");
        }
    }

    private static SolsticeException invalid(String where, String cause, String help) {
        return ErrorCode.TOKENS_INVALID
                .error("the file of users and tokens cannot be used")
                .where(where)
                .cause(cause)
                .help(help)
                .toException();
    }

    int size() {
        return hashes.size();
    }

    /** Takes as long for a token that is nearly right as for one that is all wrong. */
    Optional<String> owner(String token) {
        byte[] given = hash(token);
        String owner = "";
        for (Map.Entry<String, byte[]> known : hashes.entrySet()) {
            boolean same = MessageDigest.isEqual(known.getValue(), given);
            owner = same ? known.getKey() : owner;
        }
        return owner.isEmpty() ? Optional.empty() : Optional.of(owner);
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
