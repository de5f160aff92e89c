package io.solstice.common.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
    private static final String GOOD = "0123456789abcdef";

    @TempDir
    Path folder;

    private Path file(String text, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve("tokens"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private void assertInvalid(String text, String... parts) throws IOException {
        Path file = file(text, "rw-------");
        assertThatThrownBy(() -> Tokens.read(file))
                .message()
                .contains("SOL-4205")
                .contains(parts)
                .doesNotContain(GOOD);
    }

    @Test
    void findsTheOwner() throws IOException {
        Tokens tokens = Tokens.read(file("\n# x\n ada : " + GOOD + ":=/+ \nbob@lan:" + GOOD + "1\n", "rw-------"));
        assertThat(tokens.size()).isEqualTo(2);
        assertThat(tokens.owner(GOOD + ":=/+")).contains("ada");
        assertThat(tokens.owner(GOOD + "1")).contains("bob@lan");
        assertThat(tokens.owner(GOOD)).isEmpty();
        assertThat(tokens.owner("")).isEmpty();
    }

    @Test
    void refusesWhatIsNoListOfUsers() throws IOException {
        assertInvalid("", "names no user");
        assertInvalid(GOOD, "tokens:1", "name:token");
        assertInvalid("ada:short", "tokens:1", "'ada'", "shorter than 16");
        assertInvalid("a:" + GOOD + "1\nb:0123456789 abcdef", "tokens:2", "'b'");
        assertInvalid("a:" + GOOD + "1\na:" + GOOD + "2", "tokens:2", "twice");
        assertThatThrownBy(() -> Tokens.read(folder.resolve("none"))).message().contains("SOL-4205", "cannot be read");
    }

    @Test
    void refusesFilesThatOthersCanRead() throws IOException {
        for (String permissions : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rwx------"}) {
            Path file = file("ada:" + GOOD, permissions);
            assertThatThrownBy(() -> Tokens.read(file))
                    .as(permissions)
                    .message()
                    .contains("chmod 600");
        }
        assertThat(Tokens.read(file("ada:" + GOOD, "r--------")).size()).isEqualTo(1);
    }
}
