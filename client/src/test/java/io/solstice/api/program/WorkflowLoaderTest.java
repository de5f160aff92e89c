package io.solstice.api.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.sink.PrintSink;
import io.solstice.api.source.GeneratorSource;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkflowLoaderTest {
    @TempDir
    Path folder;

    /** A workflow on the class path. */
    static final class Known implements Workflow {
        @Override
        public Job createJob(JobContext context) {
            return new Job(context)
                    .addStage(Stage.of("in", GeneratorSource.numbers(1, 2)))
                    .addStage(Stage.of("out", PrintSink.create()), "in");
        }
    }

    private static SolsticeException refused(String workflow) {
        SolsticeException refused = catchThrowableOfType(SolsticeException.class, () -> WorkflowLoader.load(workflow));
        assertThat(refused).isNotNull();
        return refused;
    }

    @Test
    void triesTheNamesThatADocumentedNameMayStandFor() {
        String simpleEtl = "io.solstice.examples.workflows.SimpleEtl";
        for (String given : List.of(
                "workflows.simple_etl",
                "simple_etl",
                "SimpleEtl",
                "solstice.examples.workflows.simple_etl",
                "solstice.solstice.examples.workflows.simple_etl",
                simpleEtl)) {
            assertThat(WorkflowLoader.classNames(given)).contains(simpleEtl);
        }
        assertThat(WorkflowLoader.classNames("my_workflow")).startsWith("my_workflow", "MyWorkflow");
    }

    @Test
    void loadsAClassByName() {
        try (LoadedWorkflow loaded = WorkflowLoader.load(Known.class.getName())) {
            assertThat(loaded.createJob(JobContext.of("a")).stages()).hasSize(2);
        }
    }

    @Test
    void refusesClassesThatAreNoWorkflows() {
        assertThat(refused("com.example.Nothing").code()).isEqualTo(ErrorCode.WORKFLOW_MISSING);
        assertThat(refused("java.lang.String").getMessage()).contains("does not implement Workflow");
    }

    private static final String WORKFLOW = """
            package shop;
            import io.solstice.api.*;
            import io.solstice.api.sink.*;
            import io.solstice.api.source.*;
            public class %1$s implements Workflow {
                public Job createJob(JobContext context) {
                    return new Job(context)
                        .addStage(Stage.of("%1$s", GeneratorSource.numbers(1, 2)))
                        .addStage(Stage.of("out", PrintSink.create()), "%1$s");
                }
            }
            """;

    private Path jar(Map<String, String> sources) throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = Files.writeString(folder.resolve(source.getKey() + ".java"), source.getValue());
            int failed = ToolProvider.getSystemJavaCompiler()
                    .run(null, null, null, "-proc:none", "-d", classes.toString(), file.toString());
            assertThat(failed).isZero();
        }
        Path jar = folder.resolve("jobs.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                entries.write(Files.readAllBytes(file));
            }
        }
        return jar;
    }

    @Test
    void findsTheOnlyWorkflowOfAJar() throws IOException {
        Path jar = jar(Map.of("Orders", WORKFLOW.formatted("Orders")));
        try (LoadedWorkflow loaded = WorkflowLoader.load(jar.toString())) {
            assertThat(loaded.createJob(JobContext.of("a")).stages().get(0).id().value())
                    .isEqualTo("Orders");
        }
    }

    @Test
    void asksWhichOfSeveralWorkflowsOfAJarIsMeant() throws IOException {
        Path jar = jar(new TreeMap<>(
                Map.of("Orders", WORKFLOW.formatted("Orders"), "Returns", WORKFLOW.formatted("Returns"))));
        SolsticeException ambiguous = refused(jar.toString());
        assertThat(ambiguous.code()).isEqualTo(ErrorCode.WORKFLOW_AMBIGUOUS);
        assertThat(ambiguous.error().cause()).isEqualTo("found shop.Orders, shop.Returns");
        try (LoadedWorkflow loaded = WorkflowLoader.load(jar + "#shop.Returns")) {
            assertThat(loaded.workflow().getClass().getName()).isEqualTo("shop.Returns");
        }
        assertThat(refused(jar + "#shop.Retruns").error().help()).contains("did you mean 'shop.Returns'");
    }

    @Test
    void refusesJarsThatHoldNothingOfUse() throws IOException {
        assertThat(refused("no.jar").code()).isEqualTo(ErrorCode.ARTIFACT_UNREADABLE);
        Path damaged = Files.writeString(folder.resolve("bad.jar"), "not a jar");
        assertThat(refused(damaged.toString()).code()).isEqualTo(ErrorCode.ARTIFACT_UNREADABLE);
        assertThat(refused(jar(Map.of("Plain", "package shop; class Plain {}")).toString())
                        .code())
                .isEqualTo(ErrorCode.WORKFLOW_MISSING);
    }

    @Test
    void saysThatAClassIsTooNew() throws IOException {
        jar(Map.of("Orders", WORKFLOW.formatted("Orders")));
        Path type = folder.resolve("classes/shop/Orders.class");
        byte[] bytes = Files.readAllBytes(type);
        bytes[7] = (byte) 200;
        Files.write(type, bytes);
        SolsticeException tooNew = refused(jar(Map.of()).toString());
        assertThat(tooNew.code()).isEqualTo(ErrorCode.CLASS_TOO_NEW);
        assertThat(tooNew.error().help()).contains("--release");
    }
}
