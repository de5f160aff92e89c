package io.solstice.common.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.id.StageId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ChainPlanTest {
    private static final Parallelism TWO = Parallelism.fixed(2);

    private static List<String> chains(Graphs graph) {
        return ChainPlan.of(graph.build()).chains().stream()
                .map(ChainPlanTest::text)
                .toList();
    }

    private static String text(Chain chain) {
        return chain.stages().stream().map(StageId::value).collect(Collectors.joining("+"));
    }

    @Test
    void aLineOfForwardEdgesIsOneChain() {
        Graphs graph =
                Graphs.job().source("a").operator("b").sink("c").edge("a", "b").edge("b", "c");
        assertThat(chains(graph)).containsExactly("a+b+c");
    }

    @Test
    void anyOtherPartitioningDivides() {
        for (Partitioning partitioning : List.of(Partitioning.HASH, Partitioning.BROADCAST, Partitioning.REBALANCE)) {
            Graphs graph = Graphs.job()
                    .stage("a", StageRole.SOURCE, TWO)
                    .stage("b", StageRole.SINK, TWO)
                    .edge("a", "b", partitioning);
            assertThat(chains(graph)).as("%s", partitioning).containsExactly("a", "b");
        }
    }

    @Test
    void oneTaskHasAllKeysOfTheOneBeforeIt() {
        for (Partitioning partitioning : Partitioning.values()) {
            boolean same = partitioning == Partitioning.FORWARD || partitioning == Partitioning.HASH;
            Graphs graph = Graphs.job().source("a").sink("b").edge("a", "b", partitioning);
            assertThat(chains(graph)).as("%s", partitioning).isEqualTo(same ? List.of("a+b") : List.of("a", "b"));
        }
        Graphs grows = Graphs.job()
                .source("a")
                .stage("b", StageRole.SINK, Parallelism.between(1, 4))
                .edge("a", "b", Partitioning.HASH);
        assertThat(chains(grows)).containsExactly("a", "b");
    }

    @Test
    void fanOutAndFanInDivide() {
        Graphs graph = Graphs.job()
                .source("a")
                .operator("left")
                .operator("right")
                .sink("z")
                .edge("a", "left")
                .edge("a", "right")
                .edge("left", "z")
                .edge("right", "z");
        assertThat(chains(graph)).containsExactly("a", "left", "right", "z");
    }

    /** Persons and auctions of one source, which a join brings together. */
    private static Graphs twoBranches() {
        return Graphs.job()
                .stage("a", StageRole.SOURCE, TWO)
                .where("left", 2, Resources.NONE)
                .where("right", 2, Resources.NONE)
                .stage("join", StageRole.OPERATOR, TWO)
                .stage("z", StageRole.SINK, TWO)
                .edge("a", "left")
                .edge("a", "right")
                .edge("left", "join", Partitioning.HASH)
                .edge("right", "join", Partitioning.HASH)
                .edge("join", "z");
    }

    @Test
    void aStageCarriesTheExpressionsBehindItUpToAnExchange() {
        ChainPlan plan = ChainPlan.of(twoBranches().build());
        assertThat(plan.chains().stream().map(ChainPlanTest::text)).containsExactly("a+left+right", "join+z");
        Chain carrying = plan.chains().get(0);
        assertThat(plan.carried(new StageId("a"))).containsExactly(new StageId("left"), new StageId("right"));
        assertThat(plan.leaving(new StageId("a"))).isEmpty();
        assertThat(plan.outputs(carrying))
                .extracting(edge -> edge.from().value())
                .containsExactly("left", "right");
        assertThat(plan.writes(carrying)).isFalse();
        assertThat(plan.writes(plan.chains().get(1))).isTrue();
    }

    @Test
    void aBranchWithMoreThanExpressionsHasTasksOfItsOwn() {
        Graphs writing = Graphs.job()
                .source("a")
                .where("light", 1, Resources.NONE)
                .where("written", 1, Resources.NONE)
                .sink("z")
                .stage("wide", StageRole.SINK, TWO)
                .edge("a", "light")
                .edge("light", "wide", Partitioning.REBALANCE)
                .edge("a", "written")
                .edge("written", "z");
        assertThat(chains(writing)).containsExactly("a+light", "written+z", "wide");
        assertThat(ChainPlan.of(writing.build()).leaving(new StageId("a")))
                .extracting(edge -> edge.to().value())
                .containsExactly("written");
    }

    @Test
    void aBranchThatAsksForCoresHasTasksOfItsOwn() {
        Graphs asking = Graphs.job()
                .source("a")
                .where("light", 1, Resources.NONE)
                .where("asks", 1, new Resources(1, 0, 0))
                .sink("z")
                .edge("a", "light")
                .edge("a", "asks")
                .edge("light", "z")
                .edge("asks", "z");
        assertThat(chains(asking)).containsExactly("a+light", "asks", "z");
    }

    @Test
    void manyBranchesHaveTasksOfTheirOwn() {
        for (int branches : List.of(4, 5)) {
            Graphs graph = Graphs.job().source("a").sink("z");
            for (int i = 0; i < branches; i++) {
                graph.where("b" + i, 1, Resources.NONE).edge("a", "b" + i).edge("b" + i, "z");
            }
            assertThat(chains(graph)).hasSize(branches == 4 ? 2 : 7);
        }
    }

    @Test
    void aBranchMayCarryBranches() {
        Graphs graph = Graphs.job()
                .source("a")
                .where("b", 1, Resources.NONE)
                .where("c", 1, Resources.NONE)
                .where("d", 1, Resources.NONE)
                .where("e", 1, Resources.NONE)
                .sink("z")
                .edge("a", "b")
                .edge("a", "e")
                .edge("b", "c")
                .edge("b", "d")
                .edge("c", "z")
                .edge("d", "z")
                .edge("e", "z");
        assertThat(chains(graph)).containsExactly("a+b+c+d+e", "z");
    }

    @Test
    void differentLimitsOfParallelismDivide() {
        Graphs graph = Graphs.job()
                .stage("a", StageRole.SOURCE, TWO)
                .stage("b", StageRole.SINK, Parallelism.between(2, 4))
                .edge("a", "b");
        assertThat(chains(graph)).containsExactly("a", "b");
    }

    @Test
    void aGpuIsNotHeldByNeighboursThatNeedNone() {
        Graphs graph = Graphs.job()
                .source("a")
                .stage("gpu", StageRole.OPERATOR, Parallelism.fixed(1), Resources.DEFAULT.withGpus(1))
                .sink("c")
                .edge("a", "gpu")
                .edge("gpu", "c");
        assertThat(chains(graph)).containsExactly("a", "gpu", "c");
    }

    @Test
    void stagesMayBeAddedInAnyOrder() {
        Graphs graph =
                Graphs.job().sink("c").operator("b").source("a").edge("b", "c").edge("a", "b");
        assertThat(chains(graph)).containsExactly("a+b+c");
    }

    @Test
    void everyStageOfARandomGraphIsInExactlyOneChain() {
        int fused = 0;
        for (int seed = 0; seed < 1000; seed++) {
            JobGraph graph = Graphs.random(new Random(seed));
            ChainPlan plan = ChainPlan.of(graph);
            List<StageId> placed = new ArrayList<>();
            plan.chains().forEach(chain -> placed.addAll(chain.stages()));
            assertThat(placed)
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(
                            graph.stages().stream().map(StageNode::id).toList());
            for (Chain chain : plan.chains()) {
                checkChain(plan, chain, seed);
                fused += chain.stages().size() - 1;
            }
            checkNothingMoreFuses(plan, seed);
        }
        assertThat(fused).as("the random graphs fuse at all").isGreaterThan(500);
    }

    private static void checkChain(ChainPlan plan, Chain chain, int seed) {
        JobGraph graph = plan.graph();
        for (int i = 0; i < chain.stages().size(); i++) {
            StageId stage = chain.stages().get(i);
            assertThat(plan.chainOf(stage)).as("seed %d", seed).isEqualTo(chain);
            assertThat(graph.stage(stage).parallelism()).as("seed %d", seed).isEqualTo(chain.parallelism());
            if (i > 0) {
                List<StageId> before = chain.stages().subList(0, i);
                assertThat(graph.inputs(stage))
                        .as("seed %d", seed)
                        .singleElement()
                        .satisfies(edge -> {
                            assertThat(before).contains(edge.from());
                            assertThat(plan.carried(edge.from())).contains(stage);
                            assertThat(keepsTasks(edge, chain.parallelism())).isTrue();
                            assertThat(graph.outputs(edge.from()).size() == 1
                                            || graph.stage(stage).isExpression())
                                    .isTrue();
                        });
            }
            List<StageId> next = new ArrayList<>(plan.carried(stage));
            plan.leaving(stage).forEach(edge -> next.add(edge.to()));
            assertThat(next)
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(
                            graph.outputs(stage).stream().map(Edge::to).toList());
        }
        assertThat(plan.inputs(chain)).isEqualTo(graph.inputs(chain.head()));
    }

    private static boolean keepsTasks(Edge edge, Parallelism parallelism) {
        return edge.partitioning() == Partitioning.FORWARD
                || edge.partitioning() == Partitioning.HASH && parallelism.equals(Parallelism.fixed(1));
    }

    private static void checkNothingMoreFuses(ChainPlan plan, int seed) {
        JobGraph graph = plan.graph();
        for (Edge edge : graph.edges()) {
            int outputs = graph.outputs(edge.from()).size();
            boolean shouldFuse = couldFuse(graph, edge) && (outputs == 1 || outputs <= 4 && isLight(graph, edge.to()));
            assertThat(plan.chainOf(edge.from()) == plan.chainOf(edge.to()))
                    .as("seed %d, %s -> %s", seed, edge.from(), edge.to())
                    .isEqualTo(shouldFuse);
        }
    }

    private static boolean couldFuse(JobGraph graph, Edge edge) {
        StageNode from = graph.stage(edge.from());
        StageNode to = graph.stage(edge.to());
        return keepsTasks(edge, to.parallelism())
                && graph.inputs(to.id()).size() == 1
                && from.parallelism().equals(to.parallelism())
                && from.resources().numGpus() == to.resources().numGpus();
    }

    private static boolean isLight(JobGraph graph, StageId stage) {
        List<Edge> outputs = graph.outputs(stage);
        return graph.stage(stage).isExpression()
                && outputs.size() <= 4
                && outputs.stream().allMatch(edge -> !couldFuse(graph, edge) || isLight(graph, edge.to()));
    }
}
