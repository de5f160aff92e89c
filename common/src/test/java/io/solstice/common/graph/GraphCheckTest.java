package io.solstice.common.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GraphCheckTest {

    private static SolsticeError refused(Graphs graph) {
        JobGraph built = graph.build();
        SolsticeError error = catchThrowableOfType(SolsticeException.class, () -> GraphCheck.check(built))
                .error();
        assertThat(error.where()).isEqualTo("job 'j'");
        assertThat(error.help()).isNotEmpty();
        return error;
    }

    private static Graphs line() {
        return Graphs.job()
                .source("in")
                .operator("map")
                .sink("out")
                .edge("in", "map")
                .edge("map", "out");
    }

    @Test
    void acceptsRandomValidGraphs() {
        for (int seed = 0; seed < 500; seed++) {
            JobGraph graph = Graphs.random(new Random(seed));
            assertThatCode(() -> GraphCheck.check(graph)).as("seed %d", seed).doesNotThrowAnyException();
        }
    }

    @Test
    void refusesTwoStagesOfOneId() {
        SolsticeError error = refused(line().operator("map"));
        assertThat(error.code()).isEqualTo(ErrorCode.STAGE_DUPLICATE);
        assertThat(error.what()).contains("'map'");
    }

    @Test
    void namesTheNearestStageForAnUnknownUpstream() {
        SolsticeError error = refused(line().sink("more").edge("mpa", "more"));
        assertThat(error.code()).isEqualTo(ErrorCode.STAGE_UNKNOWN);
        assertThat(error.what()).isEqualTo("stage 'more' names an upstream 'mpa' that does not exist");
        assertThat(error.help()).startsWith("did you mean 'map'?").contains("in", "out");
    }

    @Test
    void refusesAJobWithoutStages() {
        SolsticeError error = refused(Graphs.job());
        assertThat(error.code()).isEqualTo(ErrorCode.GRAPH_EMPTY);
        assertThat(error.what()).isEqualTo("the job has no stages");
    }

    @Test
    void refusesAJobWithoutSource() {
        SolsticeError error = refused(Graphs.job().operator("map").sink("out").edge("map", "out"));
        assertThat(error.code()).isEqualTo(ErrorCode.GRAPH_EMPTY);
        assertThat(error.what()).isEqualTo("the job has no source");
    }

    @Test
    void refusesASourceWithAnUpstream() {
        SolsticeError error = refused(line().source("late").edge("map", "late"));
        assertThat(error.code()).isEqualTo(ErrorCode.STAGE_ROLE);
        assertThat(error.what()).isEqualTo("source 'late' has an upstream");
    }

    @Test
    void refusesASinkWithADownstream() {
        SolsticeError error = refused(line().sink("after").edge("out", "after"));
        assertThat(error.code()).isEqualTo(ErrorCode.STAGE_ROLE);
        assertThat(error.what()).isEqualTo("sink 'out' has a downstream stage after");
    }

    @Test
    void refusesAnOperatorAndASinkWithoutUpstream() {
        for (Graphs graph : new Graphs[] {line().operator("lost"), line().sink("lost")}) {
            SolsticeError error = refused(graph);
            assertThat(error.code()).isEqualTo(ErrorCode.STAGE_ROLE);
            assertThat(error.what()).startsWith("stage 'lost' has no upstream");
        }
    }

    @Test
    void showsTheCircleInTheDirectionOfTheData() {
        Graphs graph = Graphs.job()
                .source("in")
                .operator("a")
                .operator("b")
                .operator("c")
                .operator("behind")
                .sink("out")
                .edge("in", "a")
                .edge("a", "b")
                .edge("b", "c")
                .edge("c", "a")
                .edge("c", "behind")
                .edge("behind", "out");
        SolsticeError error = refused(graph);
        assertThat(error.code()).isEqualTo(ErrorCode.GRAPH_CYCLE);
        assertThat(error.what())
                .isIn(
                        "stages feed each other in a circle: a -> b -> c -> a",
                        "stages feed each other in a circle: b -> c -> a -> b",
                        "stages feed each other in a circle: c -> a -> b -> c");
    }

    @Test
    void showsACircleOfOne() {
        SolsticeError error =
                refused(line().operator("self").sink("x").edge("self", "self").edge("self", "x"));
        assertThat(error.what()).isEqualTo("stages feed each other in a circle: self -> self");
    }

    @Test
    void refusesAnOutputThatGoesNowhere() {
        SolsticeError error = refused(line().operator("end").edge("in", "end"));
        assertThat(error.code()).isEqualTo(ErrorCode.GRAPH_DANGLING);
        assertThat(error.what()).contains("'end'");
        assertThat(refused(line().source("alone")).code()).isEqualTo(ErrorCode.GRAPH_DANGLING);
    }

    @Test
    void refusesForwardBetweenUnequalNumbersOfTasks() {
        SolsticeError error = refused(
                line().stage("two", StageRole.SINK, Parallelism.fixed(2)).edge("map", "two"));
        assertThat(error.code()).isEqualTo(ErrorCode.PARALLELISM_INVALID);
        assertThat(error.what()).isEqualTo("'map' -> 'two' is forward but has 1 and 2 tasks");
    }

    @Test
    void refusesMoreKeyedTasksThanKeyGroups() {
        Graphs graph = line().stage("keyed", StageRole.SINK, Parallelism.between(1, 9))
                .edge("map", "keyed", Partitioning.HASH)
                .keyGroups(8);
        SolsticeError error = refused(graph);
        assertThat(error.code()).isEqualTo(ErrorCode.PARALLELISM_INVALID);
        assertThat(error.what()).contains("9 tasks").contains("8 key groups");
        JobGraph enough = graph.keyGroups(9).build();
        assertThatCode(() -> GraphCheck.check(enough)).doesNotThrowAnyException();
    }
}
