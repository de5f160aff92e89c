package io.solstice.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.fault.CrashPoint;
import io.solstice.faults.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The page and the help name all that there is. */
class FaultsPageTest {
    private static String text(String file) throws IOException {
        return Files.readString(Path.of("").toAbsolutePath().resolve("../..").resolve(file));
    }

    @Test
    void thePageNamesAllPoints() throws Exception {
        String page = text("docs/faults.md");
        for (CrashPoint point : CrashPoint.values()) {
            String process = point.isOfMaster() ? "the master" : "a worker";
            assertThat(page).contains("| `" + point.file() + "` | " + process + ": ");
        }
        assertThat(page).contains(CrashPoint.PROPERTY, "status " + CrashPoint.EXIT_CODE);
    }

    @Test
    void thePageAndTheHelpNameAllJobs() throws Exception {
        for (Workload workload : Workload.values()) {
            assertThat(text("docs/faults.md")).contains("| `" + workload.job() + "` |");
            assertThat(text("bin/faults"))
                    .containsPattern(workload == Workload.EVENTS ? "the main one" : "--jobs .*" + workload.job());
        }
    }

    @Test
    void thePageAndTheHelpNameAllKinds() throws Exception {
        for (Schedule.Kind kind : Schedule.Kind.values()) {
            String name = kind.name().toLowerCase(Locale.ROOT);
            assertThat(text("docs/faults.md")).contains("| `" + name + "` |");
            assertThat(text("bin/faults")).containsPattern("(?m)^  " + name + " +[a-zS]");
        }
    }
}
