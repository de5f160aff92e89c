package io.solstice.common.config;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a process finds when it starts, from which defaults are worked out.
 *
 * @param folder where the process was started; relative paths of flags and variables start here
 * @param suffix something that no other process has, for generated ids
 */
public record Surroundings(Map<String, String> environment, Path folder, Machine machine, Supplier<String> suffix) {

    /** Those of this process. */
    public static Surroundings ofProcess() {
        return new Surroundings(
                System.getenv(), Path.of("").toAbsolutePath(), Machine.local(System.getenv()), Surroundings::random);
    }

    private static String random() {
        byte[] bytes = new byte[3];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The GPUs that CUDA is told to keep to, by name; none if it is told nothing. */
    List<String> visibleGpus() {
        return LocalMachine.visibleDevices(environment.getOrDefault("CUDA_VISIBLE_DEVICES", ""));
    }

    /** The installation; the folder where the process was started if there is none. */
    public Path home() {
        String home = environment.getOrDefault("SOLSTICE_HOME", "");
        return home.isEmpty() ? folder : folder.resolve(home).normalize();
    }
}
