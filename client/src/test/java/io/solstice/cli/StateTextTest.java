package io.solstice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.StageStatus;
import io.solstice.proto.v1.StateUse;
import org.junit.jupiter.api.Test;

class StateTextTest {
    private static StateUse use(String backend, String reason, int tasks, long bytes) {
        return StateUse.newBuilder()
                .setBackend(backend)
                .setReason(reason)
                .setTasks(tasks)
                .setMemoryBytes(bytes)
                .build();
    }

    @Test
    void eachStageIsNamedWithWhereItsStateIs() {
        Job job = Job.newBuilder()
                .addStages(StageStatus.newBuilder().setStageId("read"))
                .addStages(StageStatus.newBuilder().setStageId("away").addState(use("auto", "", 1, 0)))
                .addStages(StageStatus.newBuilder().setStageId("visits").addState(use("rocksdb", "", 3, 72 << 20)))
                .build();
        assertThat(StateText.of(job))
                .containsExactly(
                        "state      'away' keeps its own in tables in memory, or in files when that is short (1 task)",
                        "state      'visits' keeps its own in RocksDB (3 tasks, up to 72 MiB of memory)");
    }

    @Test
    void whyAnotherPlaceWasTakenIsAWarning() {
        Job job = Job.newBuilder()
                .addStages(StageStatus.newBuilder()
                        .setStageId("visits")
                        .addState(use("rocksdb", "", 2, 0))
                        .addState(use("disk", "the library\nis not there", 1, 0)))
                .build();
        assertThat(StateText.of(job))
                .containsExactly(
                        "state      'visits' keeps its own in RocksDB (2 tasks)",
                        "state      'visits' keeps its own in a file (1 task)",
                        "warning    'visits' keeps its state in a file because the library is not there");
    }
}
