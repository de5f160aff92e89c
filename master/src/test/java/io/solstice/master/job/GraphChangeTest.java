package io.solstice.master.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.graph.Resources;
import io.solstice.common.graph.StageRole;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.StateObject;
import io.solstice.master.cluster.Specs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
                sealed,
                Manifest.Count.NONE);
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
                .contains("stage 'source' has 1 task now", "'there'");
        Manifest reachable = manifest(List.of(Split.of(0, "here")), List.of(), List.of());
        assertThat(new GraphChange(reachable, ChainPlan.of(JOB.graph())).refusal(true))
                .isNull();
    }

    private static StageRenames renames(String... names) {
        Map<StageId, StageId> map = new HashMap<>();
        for (int i = 0; i < names.length; i += 2) {
            map.put(new StageId(names[i]), new StageId(names[i + 1]));
        }
        return new StageRenames(map);
    }

    private static Manifest before(boolean last, List<StateObject> states, List<Committable> sealed) {
        return new Manifest(
                CheckpointId.of(1_000_000, 7),
                4,
                new RunId(JOB.job(), 1),
                1,
                1_000_000,
                last,
                128,
                List.of(
                        new Manifest.Stage(new StageId("read"), StageRole.SOURCE, "Test", 1),
                        new Manifest.Stage(new StageId("write"), StageRole.SINK, "Test", 2)),
                List.of(SourcePlan.untouched(new StageId("read"), List.of(new Split("a", "", 1)))),
                states,
                List.of(new TaskId(JOB.job(), new StageId("read"), 0)),
                sealed,
                Manifest.Count.NONE);
    }

    private static StateObject state(StageId stage) {
        return new StateObject(stage, 0, "job/state/x", 1, "0".repeat(64));
    }

    @Test
    void positionsStatesAndEndsGoWithTheirStage() {
        Manifest found = before(true, List.of(state(new StageId("read"))), List.of());
        GraphChange change =
                new GraphChange(found, ChainPlan.of(JOB.graph()), renames("read", "source", "write", "sink"));
        assertThat(change.refusal(true)).isNull();
        assertThat(Objects.requireNonNull(change.manifest().source(SOURCE)).remaining())
                .hasSize(1);
        assertThat(change.restorePoint().states()).containsExactly(state(SOURCE));
        assertThat(change.manifest().finished()).containsExactly(new TaskId(JOB.job(), SOURCE, 0));
    }

    @Test
    void aSinkTakesAnotherIdOnlyWhenAllThatItWroteIsSeen() {
        Committable sealed = new Committable(new StageId("write"), 0, "rows");
        StageRenames both = renames("read", "source", "write", "sink");
        GraphChange saved = new GraphChange(before(true, List.of(), List.of(sealed)), ChainPlan.of(JOB.graph()), both);
        assertThat(saved.refusal(true)).isNull();
        assertThat(saved.manifest().committables())
                .as("it would be published twice")
                .isEmpty();
        assertThat(Objects.requireNonNull(saved.refusal(false)).cause())
                .contains("stage 'write', now 'sink', is a sink");
        GraphChange under = new GraphChange(before(false, List.of(), List.of()), ChainPlan.of(JOB.graph()), both);
        assertThat(Objects.requireNonNull(under.refusal(true)).cause()).contains("job stop --savepoint");
    }

    @Test
    void theWholeDifferenceIsShownWithTheNamesOfBothSides() {
        Manifest found = before(true, List.of(state(new StageId("read")), state(new StageId("write"))), List.of());
        var error = Objects.requireNonNull(new GraphChange(found, ChainPlan.of(JOB.graph())).refusal(true));
        assertThat(error.cause().lines())
                .containsExactly(
                        "stage 'read' (Test) is gone, but the checkpoint has state and 1 unread split",
                        "stage 'write' (Test) is gone, but the checkpoint has state");
        assertThat(error.help()).contains("--restore-map read=source");
        JobSpec wider = Specs.job("job", 3, Resources.NONE, "u");
        GraphChange more =
                new GraphChange(found, ChainPlan.of(wider.graph()), renames("read", "source", "write", "sink"));
        assertThat(more.refusal(true)).as("perhaps its state can be divided").isNull();
        assertThat(more.refusal(Set.of(SINK))).isNull();
        var tasks = Objects.requireNonNull(more.refusal(Set.of(SOURCE)));
        assertThat(tasks.code()).isEqualTo(ErrorCode.CHECKPOINT_UNFIT);
        assertThat(tasks.cause())
                .isEqualTo("stage 'write', now 'sink', has 3 tasks now, but the checkpoint has state of 2 tasks");
        assertThat(tasks.help()).contains("implement Rescalable");
        assertThat(more.restorePoint().tasks()).isEqualTo(Map.of(SOURCE, 1, SINK, 2));
    }

    @Test
    void namesThatNobodyHasAreRefusedWithTheNearest() {
        Manifest found = before(true, List.of(), List.of());
        assertThat(misnamed(found, "raed", "source")).contains("did you mean 'read'?");
        assertThat(misnamed(found, "read", "sorce")).contains("did you mean 'source'?");
        assertThat(misnamed(found, "read", "sink", "write", "sink")).contains("a stage of its own");
        assertThat(renames("read", "source").refusal(found, JOB.graph())).isNull();
        Manifest plain = manifest(List.of(), List.of(), List.of());
        assertThat(misnamed(plain, "gone", "sink"))
                .as("one that kept its id is there")
                .contains("of its own");
        assertThat(renames("source", "sink", "sink", "source").refusal(plain, JOB.graph()))
                .as("two may change places")
                .isNull();
    }

    private static String misnamed(Manifest found, String... names) {
        var error = Objects.requireNonNull(renames(names).refusal(found, JOB.graph()));
        assertThat(error.code()).isEqualTo(ErrorCode.OPTION_INVALID);
        assertThat(error.where()).startsWith("--restore-map ");
        return error.help();
    }

    @Test
    void theJobsOwnCheckpointsHaveItsIdsAlready() {
        JobSpec renaming = new JobSpec(
                JOB.graph(), JOB.program(), JOB.requestId(), "u", "latest", Map.of(new StageId("read"), SOURCE));
        Moment now = new Moment(1_000_000, 5);
        Manifest other = before(true, List.of(), List.of());
        Manifest own = new Manifest(
                Attempt.id(now, renaming, new RunId(JOB.job(), 2), 5, 1),
                5,
                new RunId(JOB.job(), 2),
                1,
                now.wallMillis(),
                false,
                128,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Manifest.Count.NONE);
        assertThat(StageRenames.of(renaming, own)).isEqualTo(StageRenames.NONE);
        assertThat(StageRenames.of(renaming, other)).isEqualTo(renames("read", "source"));
    }
}
