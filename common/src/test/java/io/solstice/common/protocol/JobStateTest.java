package io.solstice.common.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobStateTest {

    private static Set<JobState> next(JobState state) {
        EnumSet<JobState> next = EnumSet.noneOf(JobState.class);
        Arrays.stream(JobState.values()).filter(state::mayBecome).forEach(next::add);
        return next;
    }

    private static Set<JobState> reachable(JobState from) {
        EnumSet<JobState> seen = EnumSet.of(from);
        for (int before = 0; before < seen.size(); ) {
            before = seen.size();
            for (JobState state : EnumSet.copyOf(seen)) {
                seen.addAll(next(state));
            }
        }
        return seen;
    }

    @ParameterizedTest
    @EnumSource(JobState.class)
    void nothingFollowsATerminalStateAndEveryOtherLeadsToOne(JobState state) {
        if (state.isTerminal()) {
            assertThat(next(state)).isEmpty();
        } else {
            assertThat(next(state)).isNotEmpty().doesNotContain(state);
            assertThat(reachable(state)).anyMatch(JobState::isTerminal);
        }
    }

    @Test
    void everyStateCanBeReached() {
        assertThat(reachable(JobState.CREATED)).containsExactly(JobState.values());
    }

    @Test
    void thePictureInTheDocumentationHolds() {
        List<JobState> way = List.of(
                JobState.CREATED,
                JobState.PREPARING,
                JobState.SCHEDULING,
                JobState.DEPLOYING,
                JobState.RUNNING,
                JobState.COMMITTING);
        for (int i = 0; i + 1 < way.size(); i++) {
            assertThat(next(way.get(i)))
                    .containsExactlyInAnyOrder(way.get(i + 1), JobState.FAILING, JobState.CANCELLING);
        }
        assertThat(next(JobState.COMMITTING)).containsExactlyInAnyOrder(JobState.FINISHED, JobState.FAILING);
        assertThat(next(JobState.FAILING)).containsExactly(JobState.FAILED);
        assertThat(next(JobState.CANCELLING)).containsExactly(JobState.CANCELLED);
    }

    @Test
    void aJobCannotReturnToAnEarlierState() {
        for (JobState state : JobState.values()) {
            for (JobState later : next(state)) {
                assertThat(reachable(later)).as("%s after %s", later, state).doesNotContain(state);
            }
        }
    }
}
