package io.solstice.worker.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.protocol.GroupTime;
import io.solstice.common.protocol.SplitStart;
import org.junit.jupiter.api.Test;

class AlignedGroupTest {
    private static final long NONE = SplitStart.NO_TIME;

    private final AlignedGroup group = new AlignedGroup("both");
    private final AlignedGroup.Member one = group.join(10);

    private void elsewhere(int tasks, long least) {
        group.elsewhere(new GroupTime(new RunId(new JobId("j"), 1), "both", tasks, least));
    }

    @Test
    void whoIsAheadWaitsForTheSlowest() {
        AlignedGroup.Member other = group.join(50);
        assertThat(one.isAhead()).isFalse();
        one.reached(100);
        assertThat(one.isAhead()).as("within the drift of where it began").isFalse();
        one.reached(111);
        assertThat(one.isAhead()).as("nobody knows where the other is").isTrue();
        other.reached(101);
        assertThat(one.isAhead()).isFalse();
        one.reached(112);
        assertThat(one.isAhead()).isTrue();
        assertThat(other.isAhead()).isFalse();
        other.reached(163);
        assertThat(other.isAhead()).as("by its own drift").isTrue();
        other.reached(50);
        assertThat(one.isAhead()).as("a split of older rows").isTrue();
        other.rests();
        assertThat(one.isAhead()).isFalse();
        assertThat(other.told()).isEqualTo(Long.MAX_VALUE);
        other.reached(60);
        assertThat(one.isAhead()).isTrue();
        other.leave();
        assertThat(one.isAhead()).isFalse();
        assertThat(one.told()).isEqualTo(112);
    }

    @Test
    void othersElsewhereAreWaitedForOnceAllAreKnown() {
        group.expectOthers(2);
        one.reached(100);
        assertThat(one.isAhead()).isFalse();
        one.reached(120);
        assertThat(one.isAhead()).isTrue();
        elsewhere(1, 500);
        assertThat(one.isAhead()).as("one is not known").isTrue();
        elsewhere(2, NONE);
        assertThat(one.isAhead()).as("one has read nothing").isTrue();
        elsewhere(2, 110);
        assertThat(one.isAhead()).isFalse();
        one.reached(121);
        assertThat(one.isAhead()).isTrue();
        elsewhere(2, Long.MAX_VALUE);
        assertThat(one.isAhead()).as("both rest").isFalse();
    }
}
