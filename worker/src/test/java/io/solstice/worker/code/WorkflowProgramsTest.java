package io.solstice.worker.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.config.Config;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.program.LoadedWorkflow;
import io.solstice.api.program.ProgramJar;
import io.solstice.api.program.WorkflowLoader;
import io.solstice.api.sink.PrintSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.CheckpointPolicy;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Program;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkflowProgramsTest {
    @TempDir
    private Path folder;

    /** What it builds depends on its configuration, which is right, and is changed in the test. */
    public static final class Configured implements Workflow {
        @Override
        public Job createJob(JobContext context) {
            int tasks = context.config().positive("tasks", 1);
            long limit = context.config().wholeNumber("limit", 10);
            return new Job(context)
                    .addStage(Stage.of("numbers", GeneratorSource.numbers(1, limit)))
                    .addStage(
                            Stage.of("odd", FilterOperator.rows(row -> row.getLong("number") % 2 == 1))
                                    .parallelism(tasks),
                            "numbers")
                    .addStage(Stage.of("out", new PrintSink(1)), "odd");
        }
    }

    private final WorkflowPrograms programs =
            new WorkflowPrograms(new ArtifactCache(Path.of("unused"), Long.MAX_VALUE, (jar, into) -> {
                throw new AssertionError("nothing is fetched");
            }));

    private static JobGraph graph(Map<String, Object> config) throws Exception {
        return new Configured()
                .createJob(JobContext.of("job").withConfig(Config.of(config)))
                .graph();
    }

    private static JobSpec spec(JobGraph graph, Map<String, Object> config) {
        return new JobSpec(
                graph, new Program(List.of(), Configured.class.getName(), config, Map.of()), "request", "me");
    }

    @Test
    void aWorkflowOfTheClassPathIsBuiltAgainFromTheSameConfiguration() throws Exception {
        Map<String, Object> config = Map.of("tasks", 3);
        JobGraph graph = graph(config);
        JobGraph rarer =
                new JobGraph(graph.job(), graph.stages(), graph.edges(), graph.keyGroups(), new CheckpointPolicy(7, 0));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (LoadedProgram program = programs.load(spec(rarer, config))) {
            assertThat(program.job().stages()).hasSize(3);
        }
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void anotherJobThanTheSubmittedOneIsRefusedWithStageAndField() throws Exception {
        assertThat(changed(Map.of("tasks", 3), Map.of("tasks", 4)))
                .satisfies(e -> assertThat(e.where()).isEqualTo("job 'job', stage 'odd', parallelism"))
                .satisfies(e -> assertThat(e.cause()).isEqualTo("submitted: 3, built on the worker: 4"));
        assertThat(changed(Map.of("limit", 5L), Map.of("limit", 6L)).where())
                .startsWith("job 'job', stage 'numbers', ");
        JobGraph graph = graph(Map.of());
        JobGraph fewer =
                new JobGraph(graph.job(), graph.stages().subList(0, 2), graph.edges(), 128, graph.checkpoints());
        assertThat(refusal(spec(fewer, Map.of())).where()).isEqualTo("job 'job', stages");
        JobGraph wired = new JobGraph(graph.job(), graph.stages(), List.of(), 128, graph.checkpoints());
        assertThat(refusal(spec(wired, Map.of())).where()).isEqualTo("job 'job', stage 'odd', inputs");
        JobGraph grouped = new JobGraph(graph.job(), graph.stages(), graph.edges(), 64, graph.checkpoints());
        assertThat(refusal(spec(grouped, Map.of())).where()).isEqualTo("job 'job', key groups");
    }

    private SolsticeError changed(Map<String, Object> there, Map<String, Object> here) throws Exception {
        return refusal(spec(graph(there), here));
    }

    private SolsticeError refusal(JobSpec spec) {
        try (LoadedProgram unexpected = programs.load(spec)) {
            throw new AssertionError("built " + unexpected.job().id());
        } catch (SolsticeException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.WORKFLOW_CHANGED);
            return refused.error();
        }
    }

    @Test
    void aWorkflowThatIsNowhereIsNamed() throws Exception {
        JobSpec spec =
                new JobSpec(graph(Map.of()), new Program(List.of(), "com.example.No", Map.of(), Map.of()), "r", "me");
        assertThatThrownBy(() -> programs.load(spec)).isInstanceOfSatisfying(SolsticeException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.WORKFLOW_MISSING);
            assertThat(e.error().what()).contains("com.example.No");
        });
    }

    /** The jar brings a class of the engine, which must be the engine's, and one of a library, which must be its own. */
    @Test
    void aJobsOwnClassesComeFirstButNotThoseSharedWithTheEngine() throws Exception {
        Path source = Files.writeString(folder.resolve("Mine.java"), """
                package com.fasterxml.jackson.core;

                import io.solstice.api.*;
                import io.solstice.api.operator.FilterOperator;
                import io.solstice.api.sink.PrintSink;
                import io.solstice.api.source.GeneratorSource;

                public class Mine implements Workflow {
                    public static String where = "";

                    @Override
                    public Job createJob(JobContext context) throws Exception {
                        ClassLoader own = getClass().getClassLoader();
                        where = "" + (JsonFactory.class.getClassLoader() == own)
                                + (Job.class.getClassLoader() == own)
                                + (Thread.currentThread().getContextClassLoader() == own)
                                + JsonFactory.class.getSimpleName();
                        return new Job(context)
                                .addStage(Stage.of("numbers", GeneratorSource.numbers(1, 5)))
                                .addStage(Stage.of("out", new PrintSink(1)), "numbers");
                    }
                }

                class JsonFactory {}
                """);
        try (LoadedWorkflow there = WorkflowLoader.load(source.toString())) {
            ProgramJar jar = there.code().get().get(0);
            WorkflowPrograms fetching =
                    new WorkflowPrograms(new ArtifactCache(folder.resolve("cache"), Long.MAX_VALUE, (file, into) -> {
                        try (InputStream bytes = jar.content().open()) {
                            bytes.transferTo(into);
                        }
                    }));
            JobGraph graph = there.createJob(JobContext.of("job")).graph();
            Program program =
                    new Program(List.of(jar.artifact()), "com.fasterxml.jackson.core.Mine", Map.of(), Map.of());
            try (LoadedProgram loaded = fetching.load(new JobSpec(graph, program, "r", "me"))) {
                Class<?> mine = loaded.classes().loadClass("com.fasterxml.jackson.core.Mine");
                assertThat(mine.getField("where").get(null)).isEqualTo("truefalsetrueJsonFactory");
                assertThat(loaded.classes()).isNotSameAs(getClass().getClassLoader());
                assertThat(loaded.classes().loadClass("io.solstice.api.Job")).isSameAs(Job.class);
                assertThat(loaded.classes().loadClass("com.fasterxml.jackson.core.JsonParser"))
                        .as("what the jar does not bring")
                        .isSameAs(JsonParser.class);
                assertThat(loaded.classes().getResource("com/fasterxml/jackson/core/Mine.class"))
                        .isNotNull();
            }
        }
    }
}
