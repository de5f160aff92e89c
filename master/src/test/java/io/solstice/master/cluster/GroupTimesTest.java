package io.solstice.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.GroupTime;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.common.protocol.TaskTime;
import io.solstice.common.protocol.WorkerMessage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupTimesTest {
    private static final RunId RUN = new RunId(new JobId("j"), 1);
    private static final RunId OTHER = new RunId(new JobId("k"), 1);

    private static TaskMetrics task(RunId run, int index, String group, long reached) {
        TaskTime time = new TaskTime(SplitStart.NO_TIME, false, "", group, reached);
        return new TaskMetrics(run, new StageId("in"), index, 0, 0, 0, 0, 0, time, List.of(), null);
    }

    @Test
    void aWorkerIsToldOfTheOthersAlone() {
        List<TaskMetrics> own = List.of(task(RUN, 0, "a", 5), task(RUN, 1, "b", 7), task(OTHER, 0, "", 1));
        Map<RunId, List<TaskMetrics>> known = Map.of(
                RUN,
                List.of(
                        task(RUN, 0, "a", 4),
                        task(RUN, 1, "b", 6),
                        task(RUN, 2, "a", 30),
                        task(RUN, 3, "a", Long.MAX_VALUE),
                        task(RUN, 4, "a", 20),
                        task(RUN, 5, "", 1)),
                OTHER,
                List.of(task(OTHER, 1, "a", 1)));
        assertThat(GroupTimes.ofOthers(
                        new WorkerMessage.Heartbeat(1, 0, own), run -> known.getOrDefault(run, List.of())))
                .containsExactly(new GroupTime(RUN, "a", 3, 20), new GroupTime(RUN, "b", 0, Long.MAX_VALUE));
        assertThat(GroupTimes.ofOthers(new WorkerMessage.Heartbeat(1, 0, own), run -> List.of()))
                .containsExactly(
                        new GroupTime(RUN, "a", 0, Long.MAX_VALUE), new GroupTime(RUN, "b", 0, Long.MAX_VALUE));
        assertThat(GroupTimes.ofOthers(new WorkerMessage.Heartbeat(1, 0, List.of()), run -> List.of()))
                .isEmpty();
    }
}
