package io.solstice.common.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A machine that is the same wherever the test runs. */
record StandInMachine(int cpus, long memoryBytes, int gpus, String hostName) implements Machine {
    @Override
    public List<String> gpuIds() {
        return IntStream.range(0, gpus).mapToObj(String::valueOf).toList();
    }

    static Surroundings in(Path folder, Map<String, String> environment) {
        return new Surroundings(environment, folder, new StandInMachine(8, 64L << 30, 2, "node-7.lan"), () -> "c0ffee");
    }
}
