package io.solstice.master.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.id.JobId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitPosition;
import io.solstice.common.protocol.SplitStart;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SplitQueueTest {
    private static final Split ANY = new Split("any", "", -1);

    private static TaskId task(int index) {
        return new TaskId(new JobId("job"), new StageId("source"), index);
    }

    private static SplitQueue.Answer answer(long number, boolean last, Split... splits) {
        return new SplitQueue.Answer(
                number, Arrays.stream(splits).map(SplitStart::fresh).toList(), last);
    }

    @Test
    void aSplitOfOneTaskWaitsForIt() {
        SplitQueue queue = new SplitQueue(
                SourcePlan.untouched(new StageId("source"), List.of(Split.of(0, "a"), Split.of(1, "b"), ANY)), 1);
        assertThat(queue.answer(task(1), 1, false)).isEqualTo(answer(1, false, Split.of(1, "b")));
        assertThat(queue.answer(task(1), 2, false)).isEqualTo(answer(2, true, ANY));
        assertThat(queue.answer(task(1), 3, false)).isEqualTo(answer(3, true));
        assertThat(queue.answer(task(0), 1, false)).isEqualTo(answer(1, true, Split.of(0, "a")));
        assertThat(queue.answer(task(0), 1, false)).isEqualTo(answer(1, true, Split.of(0, "a")));
        assertThat(queue.answer(task(2), 1, false)).isEqualTo(answer(1, true));
    }

    private static SplitQueue queue(int tasks, Split... splits) {
        return new SplitQueue(SourcePlan.untouched(new StageId("source"), List.of(splits)), tasks);
    }

    private static Split split(int number) {
        return new Split("split " + number, "", -1);
    }

    @Test
    void noTaskGetsASecondSplitWhileEachCanHaveOne() {
        SplitQueue queue = queue(3, split(1), split(2), split(3));
        assertThat(queue.answer(task(0), 1, false)).isEqualTo(answer(1, false, split(1)));
        assertThat(queue.answer(task(0), 2, true)).as("it reads the first").isEqualTo(answer(2, false));
        assertThat(queue.answer(task(2), 1, false)).isEqualTo(answer(1, false, split(2)));
        assertThat(queue.answer(task(0), 2, true)).as("asked again").isEqualTo(answer(2, false));
        assertThat(queue.answer(task(1), 1, false)).isEqualTo(answer(1, true, split(3)));
        assertThat(queue.answer(task(0), 3, true)).isEqualTo(answer(3, true));
    }

    @Test
    void aTaskThatHasReadItsSplitWaitsForNobody() {
        SplitQueue queue = queue(3, split(1), split(2), split(3), split(4));
        assertThat(queue.answer(task(0), 1, false)).isEqualTo(answer(1, false, split(1)));
        assertThat(queue.answer(task(0), 2, true)).as("there are enough").isEqualTo(answer(2, false, split(2)));
        assertThat(queue.answer(task(0), 3, true)).isEqualTo(answer(3, false));
        assertThat(queue.answer(task(0), 4, false)).isEqualTo(answer(4, false, split(3)));
        assertThat(queue.answer(task(0), 5, false)).isEqualTo(answer(5, true, split(4)));
    }

    @Test
    void whoAsksAgainGetsWhatThereIs() {
        SplitQueue queue = queue(2, split(1), split(2));
        assertThat(queue.answer(task(0), 1, false)).isEqualTo(answer(1, false, split(1)));
        assertThat(queue.answer(task(0), 2, true)).isEqualTo(answer(2, false));
        assertThat(queue.answer(task(0), 3, true)).as("it still reads").isEqualTo(answer(3, false));
        assertThat(queue.answer(task(0), 4, false)).isEqualTo(answer(4, true, split(2)));
    }

    @Test
    void splitsThatAreReadAtTheSameTimeGoOnEachWhereItWas() {
        SplitQueue queue = queue(1, split(1), split(2), split(3), split(4), split(5));
        for (long number = 1; number <= 4; number++) {
            queue.answer(task(0), number, number > 1);
        }
        SourcePosition position = new SourcePosition(
                new StageId("source"),
                0,
                7,
                70,
                List.of(new SplitPosition(true, 0, SplitStart.NO_TIME), new SplitPosition(false, 9, 90)));
        assertThat(queue.isPossible(task(0), position)).isTrue();
        assertThat(queue.remaining(Map.of(task(0), position)).remaining())
                .containsExactly(
                        new SplitStart(split(1), 7, 70),
                        new SplitStart(split(3), 9, 90),
                        SplitStart.fresh(split(4)),
                        SplitStart.fresh(split(5)));
        SourcePosition tooMany = new SourcePosition(
                new StageId("source"),
                2,
                7,
                70,
                List.of(new SplitPosition(false, 0, 0), new SplitPosition(false, 0, 0)));
        assertThat(queue.isPossible(task(0), tooMany)).isFalse();
    }
}
