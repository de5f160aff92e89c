package io.solstice.api.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceCompilerTest {
    @TempDir
    Path folder;

    private Path source(String name, String body) throws IOException {
        return Files.writeString(folder.resolve(name + ".java"), """
                import io.solstice.api.*;
                import io.solstice.api.sink.*;
                import io.solstice.api.source.*;
                class %s implements Workflow {
                    record Helper(int a) {}
                    public Job createJob(JobContext context) {
                        %s
                    }
                }
                """.formatted(name, body));
    }

    private SolsticeException refused(Path source) {
        SolsticeException refused = catchThrowableOfType(SolsticeException.class, () -> {
            try (LoadedWorkflow loaded = SourceCompiler.compile(source)) {
                loaded.createJob(JobContext.of("a"));
            }
        });
        assertThat(refused).isNotNull();
        return refused;
    }

    @Test
    void compilesAFileAndBuildsItsJob() throws IOException {
        Path file = source(
                "MyWorkflow",
                "return new Job(context).addStage(Stage.of(\"in\", GeneratorSource.numbers(1, 2)))"
                        + ".addStage(Stage.of(\"out\", PrintSink.create()), \"in\");");
        try (LoadedWorkflow loaded = WorkflowLoader.load(file.toString())) {
            Job job = loaded.createJob(JobContext.of("a"));
            assertThat(job.graph().stages()).hasSize(2);
        }
    }

    @Test
    void showsTheLineThatDoesNotCompile() throws IOException {
        Path file = source("Broken", "return new Jobb(context);");
        SolsticeException refused = refused(file);
        assertThat(refused.code()).isEqualTo(ErrorCode.COMPILATION_FAILED);
        assertThat(refused.error().where()).isEqualTo(file + ":7");
        assertThat(refused.error().cause())
                .contains("Broken.java:7: cannot find symbol")
                .contains("class Jobb");
    }

    @Test
    void showsTheLineThatThrew() throws IOException {
        SolsticeException refused = refused(source("Throws", "return java.util.List.<Job>of().get(3);"));
        assertThat(refused.code()).isEqualTo(ErrorCode.WORKFLOW_FAILED);
        assertThat(refused.error().where()).isEqualTo("Throws.java:7");
        assertThat(refused.error().cause()).contains("Index 3 out of bounds");
    }

    @Test
    void putsTheLineBeforeTheEnginesOwnErrors() throws IOException {
        SolsticeException refused = refused(source(
                "Twice",
                "Stage in = Stage.of(\"in\", GeneratorSource.numbers(1, 2));\n"
                        + "return new Job(context).addStage(in).addStage(in);"));
        assertThat(refused.code()).isEqualTo(ErrorCode.STAGE_DUPLICATE);
        assertThat(refused.error().where()).isEqualTo("Twice.java:8, job 'a'");
    }

    @Test
    void refusesAMissingJobAndAMissingFile() throws IOException {
        assertThat(refused(source("Empty", "return null;")).code()).isEqualTo(ErrorCode.WORKFLOW_FAILED);
        assertThat(refused(folder.resolve("None.java")).code()).isEqualTo(ErrorCode.ARTIFACT_UNREADABLE);
        Path plain = Files.writeString(folder.resolve("Plain.java"), "class Plain {}");
        assertThat(refused(plain).code()).isEqualTo(ErrorCode.WORKFLOW_MISSING);
    }

    @Test
    void takesTheWorkflowThatHasTheFilesName() throws IOException {
        Path file = source("Main", "return null;");
        Files.writeString(file, Files.readString(file) + "abstract class Base implements Workflow {}\n");
        Files.writeString(
                file,
                Files.readString(file)
                        + "class Other implements Workflow { public Job createJob(JobContext c) { return null; } }\n");
        try (LoadedWorkflow loaded = SourceCompiler.compile(file)) {
            assertThat(loaded.workflow().getClass().getSimpleName()).isEqualTo("Main");
        }
        Path renamed = Files.move(file, folder.resolve("Third.java"));
        assertThat(refused(renamed).code()).isEqualTo(ErrorCode.WORKFLOW_AMBIGUOUS);
    }
}
