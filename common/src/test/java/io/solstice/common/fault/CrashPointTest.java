package io.solstice.common.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In processes of their own, since a point that is armed ends one. */
class CrashPointTest {
    private static final long LIMIT_SECS = 60;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    /** Passes two points, and says so. */
    static final class Passer {
        private Passer() {}

        public static void main(String[] words) {
            CrashPoint.FILES_SEALED.reach();
            System.out.println("passed one");
            CrashPoint.LANCE_SEALED.reach();
            System.out.println("passed both");
        }
    }

    @AfterEach
    void leavesNoProcess() {
        started.forEach(Process::destroyForcibly);
    }

    private Path output() {
        return folder.resolve("output");
    }

    private Process passer(String... options) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of(options));
        words.addAll(List.of("-Xshare:auto", "-cp", System.getProperty("java.class.path"), Passer.class.getName()));
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
        started.add(process);
        return process;
    }

    private String points() {
        return "-D" + CrashPoint.PROPERTY + "=" + folder;
    }

    private static int end(Process process) throws InterruptedException {
        assertThat(process.waitFor(LIMIT_SECS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void nothingHappensUnlessTheFolderIsNamedAndThePointIsArmed() throws Exception {
        Files.createFile(folder.resolve(CrashPoint.LANCE_SEALED.file()));
        assertThat(end(passer())).isEqualTo(0);
        assertThat(output()).hasContent("passed one\npassed both");
        Files.move(folder.resolve("lance_sealed"), folder.resolve("lance_before_seal"));
        assertThat(end(passer(points()))).isEqualTo(0);
        assertThat(folder.resolve("lance_before_seal")).exists();
    }

    @Test
    void theFirstProcessAtAnArmedPointEnds() throws Exception {
        Files.createFile(folder.resolve("lance_sealed"));
        assertThat(end(passer(points()))).isEqualTo(CrashPoint.EXIT_CODE);
        assertThat(output()).hasContent("passed one\ncrash point lance_sealed: the process ends");
        assertThat(end(passer(points()))).isEqualTo(0);
    }

    @Test
    void oneThatStandsStillGoesOnFromThePoint() throws Exception {
        Files.writeString(folder.resolve("lance_sealed"), CrashPoint.STOP);
        Process process = passer(points());
        while (!state(process).equals("T")) {
            assertThat(process.isAlive()).isTrue();
            Thread.onSpinWait();
        }
        assertThat(output()).content().doesNotContain("passed both");
        new ProcessBuilder("kill", "-CONT", Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(end(process)).isEqualTo(0);
        assertThat(output()).content().contains("passed both");
    }

    private static String state(Process process) throws IOException {
        String line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        return line.substring(line.lastIndexOf(')') + 2).substring(0, 1);
    }
}
