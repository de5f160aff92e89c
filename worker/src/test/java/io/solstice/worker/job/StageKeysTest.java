package io.solstice.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.KeyByOperator;
import io.solstice.api.sink.PrintSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.id.StageId;
import io.solstice.spi.KeyedInput;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StageKeysTest {
    private static final Schema NUMBERS = new Schema(List.of(Field.nullable("number", new ArrowType.Int(64, true))));

    private static Stage passing(String id, int tasks) {
        return Stage.of(id, FilterOperator.rows(row -> true)).parallelism(tasks);
    }

    private static final StageKeys KEYS = new StageKeys(
            new Job("keys")
                    .keyGroups(64)
                    .addStage(Stage.of("in", GeneratorSource.numbers(1, 9)))
                    .addStage(Stage.of("by", KeyByOperator.columns("number")), "in")
                    .addStage(Stage.of("by2", KeyByOperator.columns("number", "number")), "in")
                    .addStage(passing("keyed", 3), "by")
                    .addStage(passing("behind", 3), "keyed")
                    .addStage(passing("beside", 2), "behind")
                    .addStage(passing("all", 3).partitioning(Partitioning.BROADCAST), "in")
                    .addStage(passing("both", 3), "by", "behind")
                    .addStage(passing("differing", 3), "by", "by2")
                    .addStage(passing("mixed", 3), "by", "in")
                    .addStage(
                            Stage.of("out", PrintSink.create()), List.of("beside", "all", "both", "differing", "mixed"))
                    .graph(),
            Map.of(new StageId("keyed"), NUMBERS));

    @Test
    void aJoinHasTheKeysOfItsLeftAndWhatIsBehindItNone() {
        JobGraph graph = new Job("joining")
                .addStage(Stage.of("in", GeneratorSource.numbers(1, 9)))
                .addStage(passing("left", 1), "in")
                .addStage(passing("right", 1), "in")
                .addStage(
                        Stage.of("joined", JoinOperator.inner("left", "right").on("number", "n"))
                                .parallelism(3),
                        "right",
                        "left")
                .addStage(passing("behind", 3), "joined")
                .addStage(Stage.of("out", PrintSink.create()), "behind")
                .graph();
        StageId joined = new StageId("joined");
        assertThat(graph.inputs(joined).stream().map(edge -> edge.from().value()))
                .as("the left comes first")
                .containsExactly("left", "right");
        Schema sides = SideSchemas.together(new StageId("left"), NUMBERS, new StageId("right"), NUMBERS);
        assertThat(SideSchemas.of(sides, 1)).isEqualTo(NUMBERS);
        StageKeys keys = new StageKeys(graph, Map.of(joined, sides));
        assertThat(keys.of(joined)).isEqualTo(new KeyedInput(List.of("number"), NUMBERS, JobGraph.DEFAULT_KEY_GROUPS));
        assertThat(keys.of(new StageId("behind"))).isNull();
    }

    private static @Nullable KeyedInput of(String stage) {
        return KEYS.of(new StageId(stage));
    }

    @Test
    void aStageBehindAKeyAndThoseOfAsManyTasksBehindItAreKeyed() {
        KeyedInput keyed = new KeyedInput(List.of("number"), NUMBERS, 64);
        assertThat(of("keyed")).isEqualTo(keyed);
        assertThat(of("behind")).isEqualTo(keyed);
        assertThat(of("both")).isEqualTo(keyed);
    }

    @Test
    void whereRowsMayComeFromAnywhereNobodyOwnsAKey() {
        for (String stage : List.of("in", "by", "beside", "all", "differing", "mixed")) {
            assertThat(of(stage)).as(stage).isNull();
        }
    }
}
