package io.solstice.master.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.graph.Resources;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.master.cluster.Specs;
import io.solstice.master.job.JobFact;
import io.solstice.master.job.Move;
import io.solstice.master.job.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a running job needs to go on under the next master comes back from the journal. */
class JournalCodecTest {
    private static final JobSpec SPEC = Specs.job("orders", 2, new Resources(0.5, 1, 1 << 20), "ann");
    private static final RunId RUN = new RunId(SPEC.job(), 1);
    private static final JobFact.Prepared PREPARED = new JobFact.Prepared(new WorkerReport.Prepared(
            RUN,
            Map.of(new StageId("in"), List.of(new Split("a", "payload", 7, 1))),
            Map.of(new StageId("out"), "{}"),
            Set.of()));

    private static JobFact.Placed placed(long generation) {
        WorkerId one = new WorkerId("one");
        return new JobFact.Placed(
                generation,
                new Placement(
                        Map.of(new StageId("in"), List.of(one, new WorkerId("two"))),
                        Map.of(one, new Endpoint("host", 9_000)),
                        Map.of(new StageId("in"), List.of(List.of(0), List.of()))),
                "secret " + generation);
    }

    private static List<JournalEntry> running() {
        return List.of(
                new JournalEntry.TermBegun(10, 1, "test"),
                new JournalEntry.JobAccepted(11, RUN, SPEC),
                moved(JobState.PREPARING),
                new JournalEntry.JobLearned(12, RUN, PREPARED),
                moved(JobState.SCHEDULING),
                new JournalEntry.JobLearned(12, RUN, placed(1)),
                moved(JobState.DEPLOYING),
                moved(JobState.RUNNING),
                moved(JobState.RESTARTING),
                new JournalEntry.JobRestarted(13, RUN, 2),
                moved(JobState.SCHEDULING),
                new JournalEntry.JobLearned(14, RUN, placed(2)),
                moved(JobState.DEPLOYING),
                moved(JobState.RUNNING));
    }

    private static JournalEntry moved(JobState state) {
        return new JournalEntry.JobMoved(12, RUN, new Move(state, null));
    }

    private static JournalEntry reread(JournalEntry entry) {
        return JournalCodec.fromProto(JournalCodec.toProto(entry));
    }

    private static Standing standing(JournaledState state) {
        return Objects.requireNonNull(state.jobs().get(RUN)).standing();
    }

    @Test
    void entriesComeBackAsTheyWere() {
        assertThat(running()).allSatisfy(entry -> assertThat(reread(entry)).isEqualTo(entry));
    }

    @Test
    void aSumHasAllThatARunningJobNeeds() {
        JournaledState state = JournaledState.replay(running());
        assertThat(standing(state)).isEqualTo(new Standing(2, 1, PREPARED, placed(2), false));
        assertThat(JournaledState.replay(List.of(reread(state.summary(20))))).isEqualTo(state);
    }

    @Test
    void aGenerationThatIsNotPlacedYetHasNoPlace() {
        JournaledState state = JournaledState.replay(running().subList(0, 10));
        assertThat(standing(state)).isEqualTo(new Standing(2, 1, PREPARED, null, false));
        assertThat(JournaledState.replay(List.of(reread(state.summary(20))))).isEqualTo(state);
    }

    @Test
    void whatAnEndedJobHadIsForgotten() {
        List<JournalEntry> life = new ArrayList<>(running());
        life.add(moved(JobState.COMMITTING));
        JournalEntry over = new JournalEntry.JobLearned(15, RUN, new JobFact.Over());
        assertThat(reread(over)).isEqualTo(over);
        life.add(over);
        JournaledState state = JournaledState.replay(life);
        assertThat(standing(state).over()).isTrue();
        assertThat(JournaledState.replay(List.of(reread(state.summary(20))))).isEqualTo(state);
        life.add(moved(JobState.FINISHED));
        assertThat(standing(JournaledState.replay(life))).isEqualTo(new Standing(2, 1, null, null, false));
    }
}
