package io.solstice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.proto.v1.HotKey;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.StageStatus;
import org.junit.jupiter.api.Test;

class HotKeyTextTest {
    @Test
    void aHotKeyIsNamedWithItsStageAndItsShare() {
        Job job = Job.newBuilder()
                .addStages(StageStatus.newBuilder().setStageId("read"))
                .addStages(StageStatus.newBuilder()
                        .setStageId("sum")
                        .setWorkerCount(4)
                        .setHotKey(HotKey.newBuilder().setKey("eu,\n17").setShare(0.896)))
                .build();
        assertThat(HotKeyText.of(job))
                .containsExactly(
                        "hot key    90 % of the rows to 'sum' have the key 'eu,?17', which one of its 4 tasks must have",
                        "           more tasks do not help: aggregate with count, sum, min, max or avg, or by a finer key"
                                + " first");
    }

    @Test
    void nothingIsSaidWithoutOne() {
        assertThat(HotKeyText.of(Job.newBuilder()
                        .addStages(StageStatus.newBuilder().setStageId("sum"))
                        .build()))
                .isEmpty();
    }
}
