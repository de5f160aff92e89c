package io.solstice.common.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
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
        Map<JobState, Set<JobState>> onward = Map.of(
                JobState.CREATED, Set.of(JobState.PREPARING),
                JobState.PREPARING, Set.of(JobState.SCHEDULING, JobState.RESTARTING),
                JobState.SCHEDULING, Set.of(JobState.DEPLOYING, JobState.RESTARTING),
                JobState.DEPLOYING, Set.of(JobState.RUNNING, JobState.RESTARTING),
                JobState.RUNNING, Set.of(JobState.COMMITTING, JobState.RESTARTING),
                JobState.RESTARTING, Set.of(JobState.PREPARING, JobState.SCHEDULING));
        onward.forEach((state, steps) -> {
            EnumSet<JobState> all = EnumSet.copyOf(steps);
            all.addAll(List.of(JobState.FAILING, JobState.CANCELLING));
            assertThat(next(state)).as("after %s", state).isEqualTo(all);
        });
        assertThat(next(JobState.COMMITTING))
                .containsExactlyInAnyOrder(JobState.FINISHED, JobState.RESTARTING, JobState.FAILING);
        assertThat(next(JobState.FAILING)).containsExactly(JobState.FAILED);
        assertThat(next(JobState.CANCELLING)).containsExactly(JobState.CANCELLED);
    }

    @Test
    void onlyARestartLeadsBack() {
        for (JobState state : JobState.values()) {
            for (JobState later : next(state)) {
                if (reachable(later).contains(state)) {
                    assertThat(reachable(later)).as("%s after %s", later, state).contains(JobState.RESTARTING);
                }
            }
        }
        for (JobState ending : List.of(JobState.FAILING, JobState.CANCELLING)) {
            assertThat(reachable(ending)).hasSize(2);
        }
    }
}
