package io.solstice.common.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A process that creates the same keys as others like it, one at each line that it is given, and says what came of each. */
public final class StoreRacer {
    private StoreRacer() {}

    /** Lets processes race; gives back lines of key, outcome and what the process wrote. */
    static List<String> race(Map<String, String> settings, int processes, int keys) throws Exception {
        List<Process> racers = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        try {
            for (int i = 0; i < processes; i++) {
                racers.add(start(settings, i, keys));
            }
            for (Process racer : racers) {
                expect(racer.inputReader(UTF_8), "ready");
            }
            for (int key = 0; key < keys; key++) {
                for (int i = 0; i < processes; i++) {
                    Process racer = racers.get((key + i) % processes);
                    racer.getOutputStream().write('\n');
                    racer.getOutputStream().flush();
                }
                for (Process racer : racers) {
                    lines.add(racer.inputReader(UTF_8).readLine());
                }
            }
            for (Process racer : racers) {
                expect(racer.inputReader(UTF_8), "done");
                racer.waitFor();
            }
            return lines;
        } finally {
            racers.forEach(Process::destroyForcibly);
        }
    }

    private static void expect(BufferedReader lines, String wanted) throws IOException {
        String line = lines.readLine();
        if (!wanted.equals(line)) {
            throw new IllegalStateException("the racer said: " + line);
        }
    }

    private static Process start(Map<String, String> settings, int number, int keys) throws IOException {
        String java = ProcessHandle.current().info().command().orElse("java");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(
                List.of(java, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath));
        command.addAll(List.of(StoreRacer.class.getName(), "racer-" + number, String.valueOf(keys)));
        settings.forEach((key, value) -> command.add(key + "=" + value));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    public static void main(String[] arguments) {
        Map<String, String> settings = new HashMap<>();
        for (String pair : List.of(arguments).subList(2, arguments.length)) {
            int equals = pair.indexOf('=');
            settings.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        // Libraries that log do so on the standard output.
        PrintStream answers = System.out;
        System.setOut(System.err);
        try (ObjectStore store = ObjectStores.open(settings)) {
            store.putNew("warm/" + arguments[0], new byte[1]);
            answers.println("ready");
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                System.in.read();
                Creation creation = store.putNew("race/" + i, arguments[0].getBytes(UTF_8));
                answers.println("race/" + i + " " + creation.outcome() + " " + arguments[0]);
            }
            answers.println("done");
        } catch (IOException noInput) {
            throw new UncheckedIOException(noInput);
        }
        System.exit(0);
    }
}
