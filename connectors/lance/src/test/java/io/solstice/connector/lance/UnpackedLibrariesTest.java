package io.solstice.connector.lance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class UnpackedLibrariesTest {
    /** What is loaded stays usable when its file has no name any more. */
    @Test
    void noUnpackedLibraryIsLeftToBeFound() throws IOException {
        NativeAccess.require();
        List<String> loaded = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("/liblance_jni") || line.contains("/jnilib-"))
                .toList();
        assertThat(loaded).isNotEmpty().allMatch(line -> line.endsWith(" (deleted)"));
        NativeAccess.require();
    }
}
