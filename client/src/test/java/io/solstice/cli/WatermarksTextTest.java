package io.solstice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.proto.v1.EventTime;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.StageStatus;
import io.solstice.proto.v1.TaskTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatermarksTextTest {
    private static TaskTime.Builder at(String moment, String holder) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(moment));
        return TaskTime.newBuilder().setWatermark(micros).setHolder(holder);
    }

    private static StageStatus stage(String id, int splits, TaskTime.Builder... times) {
        StageStatus.Builder stage = StageStatus.newBuilder().setStageId(id).setSplits(splits);
        for (int task = times.length - 1; task >= 0; task--) {
            stage.addEventTimes(EventTime.newBuilder().setTask(task).setTime(times[task]));
        }
        return stage.build();
    }

    private static List<String> shown(StageStatus... stages) {
        return WatermarksText.of(Job.newBuilder()
                .setJobId("clicks")
                .addAllStages(List.of(stages))
                .build());
    }

    @Test
    void theSlowestSplitIsNamed() {
        assertThat(shown(
                        stage(
                                "in",
                                3,
                                at("2026-11-22T04:17:40Z", "split 'a'"),
                                at("2026-11-22T04:10:05.123456Z", "split 'b'"),
                                at("2026-11-22T03:00:00Z", "split 'c'").setIdle(true)),
                        stage("count", 0, at("2026-11-22T04:10:05.123456Z", ""))))
                .containsExactly(
                        "event time of clicks is 2026-11-22 04:10:05.123, held back by task 1 of 'in': split 'b'",
                        "",
                        "STAGE  TASK  EVENT TIME (UTC)         WAITS FOR",
                        "in        0  2026-11-22 04:17:40.000  split 'a'",
                        "in        1  2026-11-22 04:10:05.123  split 'b'",
                        "in        2  2026-11-22 03:00:00.000  nothing: it has had no rows for a while",
                        "count     0  2026-11-22 04:10:05.123");
    }

    @Test
    void timeThatHasNotBegunSaysWhatItWaitsFor() {
        TaskTime.Builder waiting = TaskTime.newBuilder().setHolder("splits that are not read yet");
        assertThat(shown(stage("in", 9, at("2026-11-22T04:17:40Z", "split 'a'"), waiting)))
                .startsWith("event time of clicks has not begun, held back by task 1 of 'in': "
                        + "splits that are not read yet");
    }

    @Test
    void aJobWithoutEventTimeSaysSo() {
        assertThat(shown(stage("in", 1, TaskTime.newBuilder()), stage("out", 0, TaskTime.newBuilder())))
                .containsExactly("job clicks keeps no event time; a source does if it has watermarks");
    }

    @Test
    void idleSourcesHoldNothing() {
        assertThat(shown(stage("in", 1, at("2026-11-22T04:17:40Z", "split 'a'").setIdle(true))))
                .startsWith("event time of clicks stands still, since no source has anything to read");
    }
}
