package io.solstice.common.config;

import java.nio.file.Path;
import java.util.Map;

/** A machine that is the same wherever the test runs. */
record StandInMachine(int cpus, long memoryBytes, int gpus, String hostName) implements Machine {
    static Surroundings in(Path folder, Map<String, String> environment) {
        return new Surroundings(environment, folder, new StandInMachine(8, 64L << 30, 2, "node-7.lan"), () -> "c0ffee");
    }
}
