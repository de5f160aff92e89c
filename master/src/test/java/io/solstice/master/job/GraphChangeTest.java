package io.solstice.master.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.graph.Resources;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.StateObject;
import io.solstice.master.cluster.Specs;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class GraphChangeTest {
    private static final StageId SOURCE = new StageId("source");
    private static final StageId SINK = new StageId("sink");
    private static final StageId GONE = new StageId("gone");
    private static final JobSpec JOB = Specs.job("job", 2, Resources.NONE, "u");

    private static Manifest manifest(List<Split> left, List<StateObject> states, List<Committable> sealed) {
        return new Manifest(
                CheckpointId.of(1_000_000, 7),
                4,
                new RunId(JOB.job(), 1),
                1,
                1_000_000,
                false,
                128,
                List.of(
                        new Manifest.Stage(SOURCE, StageRole.SOURCE, "Test", 1),
                        new Manifest.Stage(GONE, StageRole.OPERATOR, "Counter", 2),
                        new Manifest.Stage(SINK, StageRole.SINK, "Test", 2)),
                List.of(SourcePlan.untouched(SOURCE, left)),
                states,
                List.of(),
                sealed);
    }

    private static String refused(Manifest manifest, boolean published) {
        var error = Objects.requireNonNull(new GraphChange(manifest, ChainPlan.of(JOB.graph())).refusal(published));
        assertThat(error.code()).isEqualTo(ErrorCode.CHECKPOINT_UNFIT);
        return error.cause();
    }

    @Test
    void stagesThatHoldNothingMayGo() {
        Manifest plain = manifest(List.of(new Split("a", "", 1)), List.of(), List.of());
        assertThat(new GraphChange(plain, ChainPlan.of(JOB.graph())).refusal(true))
                .isNull();
    }

    @Test
    void stateMayNotGo() {
        StateObject state = new StateObject(GONE, 0, "job/state/x", 1, "0".repeat(64));
        assertThat(refused(manifest(List.of(), List.of(state), List.of()), true))
                .contains("stage 'gone' (Counter) is gone", "has state");
    }

    @Test
    void outputThatNobodySeesYetMayNotGo() {
        Manifest pending = manifest(List.of(), List.of(), List.of(new Committable(GONE, 0, "rows")));
        assertThat(refused(pending, false)).contains("output that is not published yet");
        assertThat(new GraphChange(pending, ChainPlan.of(JOB.graph())).refusal(true))
                .isNull();
    }

    @Test
    void aSplitNeedsItsTask() {
        assertThat(refused(manifest(List.of(Split.of(0, "here"), Split.of(1, "there")), List.of(), List.of()), true))
                .contains("stage 'source' has 1 tasks now", "'there'");
        Manifest reachable = manifest(List.of(Split.of(0, "here")), List.of(), List.of());
        assertThat(new GraphChange(reachable, ChainPlan.of(JOB.graph())).refusal(true))
                .isNull();
    }
}
