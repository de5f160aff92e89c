package io.solstice.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalMachineTest {
    @Test
    void thisMachineHasSomething() {
        Machine machine = Machine.local(System.getenv());
        assertThat(machine.cpus()).isPositive();
        assertThat(machine.memoryBytes()).isGreaterThan(64 << 20);
        assertThat(machine.gpus()).isNotNegative();
        assertThat(machine.hostName()).isNotBlank();
    }

    @Test
    void gpusMayBeHidden() {
        assertThat(Machine.local(Map.of("CUDA_VISIBLE_DEVICES", "")).gpus()).isZero();
        assertThat(Machine.local(Map.of("CUDA_VISIBLE_DEVICES", "-1")).gpus()).isZero();
    }

    @Test
    void aCommandThatFailsMeansNoGpus(@TempDir Path folder) throws IOException {
        Path command = Files.writeString(folder.resolve("nvidia-smi"), "#!/bin/sh\nexit 9\n");
        assertThat(command.toFile().setExecutable(true)).isTrue();
        assertThat(Machine.local(Map.of("PATH", folder.toString(), "CUDA_VISIBLE_DEVICES", ""))
                        .gpus())
                .isZero();
    }
}
