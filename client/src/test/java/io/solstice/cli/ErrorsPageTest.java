package io.solstice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/errors.md is made from {@link ErrorCode}: run this test with {@code -Dsolstice.docs.write=true} to write it. */
class ErrorsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "errors.md");

    @Test
    void thePageListsEveryCode() throws IOException {
        if (Boolean.getBoolean("solstice.docs.write")) {
            Files.writeString(PAGE, page());
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page());
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Errors

                Every error has a permanent code. It is shown as what happened, where, why, and how to mend it; a stack
                trace appears only with `--log-level DEBUG`. `solstice explain SOL-1103` shows a row of this table.

                The kind says who can mend it: `USER` the job, its configuration or its data (trying again gives the same
                result); `CAPACITY` something is used up; `EXTERNAL` a system outside refused or failed, which may pass;
                `SYSTEM` a defect of Solstice itself.

                | code | name | kind | exit code | meaning |
                |---|---|---|---|---|
                """);
        for (ErrorCode code : ErrorCode.values()) {
            page.append("| %s | %s | %s | %d | %s |%n"
                    .formatted(
                            code.code(),
                            code.name(),
                            code.kind(),
                            ExitCode.of(code).number(),
                            code.meaning().replace("<", "&lt;")));
        }
        return page.toString();
    }
}
