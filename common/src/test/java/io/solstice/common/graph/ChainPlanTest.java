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
                StageId before = chain.stages().get(i - 1);
                assertThat(graph.inputs(stage))
                        .as("seed %d", seed)
                        .singleElement()
                        .satisfies(edge -> {
                            assertThat(edge.from()).isEqualTo(before);
                            assertThat(keepsTasks(edge, chain.parallelism())).isTrue();
                        });
                assertThat(graph.outputs(before)).as("seed %d", seed).hasSize(1);
            }
        }
        assertThat(plan.inputs(chain)).isEqualTo(graph.inputs(chain.head()));
        assertThat(plan.outputs(chain)).isEqualTo(graph.outputs(chain.tail()));
    }

    private static boolean keepsTasks(Edge edge, Parallelism parallelism) {
        return edge.partitioning() == Partitioning.FORWARD
                || edge.partitioning() == Partitioning.HASH && parallelism.equals(Parallelism.fixed(1));
    }

    private static void checkNothingMoreFuses(ChainPlan plan, int seed) {
        JobGraph graph = plan.graph();
        for (Edge edge : graph.edges()) {
            StageNode from = graph.stage(edge.from());
            StageNode to = graph.stage(edge.to());
            boolean alone = graph.outputs(from.id()).size() == 1
                    && graph.inputs(to.id()).size() == 1;
            boolean alike = from.parallelism().equals(to.parallelism())
                    && from.resources().numGpus() == to.resources().numGpus();
            boolean shouldFuse = keepsTasks(edge, to.parallelism()) && alone && alike;
            assertThat(plan.chainOf(from.id()) == plan.chainOf(to.id()))
                    .as("seed %d, %s -> %s", seed, from.id(), to.id())
                    .isEqualTo(shouldFuse);
        }
    }
}
