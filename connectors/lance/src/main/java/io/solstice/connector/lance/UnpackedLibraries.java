package io.solstice.connector.lance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The copies of native libraries that were unpacked into the folder for temporary files to be loaded: 180 MB each time,
 * which a process that is killed, or ends at once, would leave there.
 */
final class UnpackedLibraries {
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Pattern LIBRARY = Pattern.compile("(/.*/(?:liblance_jni\\d+\\.so|jnilib-\\d+\\.tmp))$");

    private UnpackedLibraries() {}

    /** Deletes those that this process has loaded, which needs them no more. Does nothing where that cannot be known. */
    static void delete() {
        if (!Files.isReadable(MAPS)) {
            return;
        }
        try {
            for (String line : Files.readAllLines(MAPS)) {
                Matcher library = LIBRARY.matcher(line);
                if (library.find()) {
                    Files.deleteIfExists(Path.of(library.group(1)));
                }
            }
        } catch (IOException kept) {
            // Then they stay until the process ends.
        }
    }
}
