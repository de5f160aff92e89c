package io.solstice.api.cluster;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.RestoreFrom;
import io.solstice.api.Workflow;
import io.solstice.api.program.LoadedWorkflow;
import io.solstice.api.program.ProgramJar;
import io.solstice.api.program.WorkflowLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What to run: a workflow, the code that it needs, and the context that its job is built from. Cannot be changed; each
 * method gives a new submission.
 *
 * <p>A submission is one request: submitting the same one again gives the job that it made the first time, also after a
 * lost connection. {@link #again()} makes another request of it.
 */
public final class Submission {
    private final Code code;
    private final JobContext context;
    private final List<Path> artifacts;
    private final Consumer<Job> lookAt;
    private final Consumer<UploadProgress> onUpload;
    private final String requestId;
    private final RestoreFrom restoreFrom;

    /** Where the workflow comes from. */
    private interface Code {
        LoadedWorkflow load(List<Path> artifacts);
    }

    private Submission(
            Code code,
            JobContext context,
            List<Path> artifacts,
            Consumer<Job> lookAt,
            Consumer<UploadProgress> onUpload,
            String requestId,
            RestoreFrom restoreFrom) {
        this.code = code;
        this.context = context;
        this.artifacts = List.copyOf(artifacts);
        this.lookAt = lookAt;
        this.onUpload = onUpload;
        this.requestId = requestId;
        this.restoreFrom = restoreFrom;
    }

    private static Submission of(Code code) {
        return new Submission(
                code,
                JobContext.of("job_" + newRequest()),
                List.of(),
                job -> {},
                upload -> {},
                newRequest(),
                RestoreFrom.NOTHING);
    }

    private static String newRequest() {
        return UUID.randomUUID().toString();
    }

    /** A class of this program. The jar that it was loaded from travels, or its folder of classes, packed. */
    public static Submission of(Class<? extends Workflow> workflow) {
        return of(artifacts -> LoadedWorkflow.of(workflow));
    }

    /** The only workflow in a jar. */
    public static Submission jar(Path jar) {
        return jar(jar, "");
    }

    /** A workflow in a jar, by the name of its class. */
    public static Submission jar(Path jar, String className) {
        return of(artifacts -> WorkflowLoader.loadJar(jar, className, artifacts));
    }

    /** A workflow as it is named on the command line: a class, a dotted name, a jar, or a source file. */
    public static Submission named(String workflow) {
        return of(artifacts -> WorkflowLoader.load(workflow));
    }

    /** The job's id, its configuration and its state backend. */
    public Submission context(JobContext given) {
        return new Submission(code, given, artifacts, lookAt, onUpload, newRequest(), restoreFrom);
    }

    /** A further jar or folder of classes that the workflow needs on the workers. */
    public Submission artifact(Path jarOrFolder) {
        List<Path> more = new ArrayList<>(artifacts);
        more.add(jarOrFolder);
        return new Submission(code, context, more, lookAt, onUpload, newRequest(), restoreFrom);
    }

    /** No code travels: the workflow is on the class path of every worker. */
    public Submission onWorkersClassPath() {
        Code here = given -> {
            LoadedWorkflow loaded = code.load(given);
            return new LoadedWorkflow(loaded.workflow(), loaded.loader(), List::of);
        };
        return new Submission(here, context, artifacts, lookAt, onUpload, newRequest(), restoreFrom);
    }

    /**
     * A folder of jars that every worker has on its class path, such as {@code lib} of an installation: a workflow from
     * there needs no code to travel.
     */
    public Submission workersHave(Path folder) {
        Code here = given -> {
            LoadedWorkflow loaded = code.load(given);
            Path source = ProgramJar.sourceOf(loaded.workflow().getClass());
            boolean there = source != null && real(source).startsWith(real(folder));
            return there ? new LoadedWorkflow(loaded.workflow(), loaded.loader(), List::of) : loaded;
        };
        return new Submission(here, context, artifacts, lookAt, onUpload, newRequest(), restoreFrom);
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException gone) {
            return path.toAbsolutePath().normalize();
        }
    }

    /** Is shown the job before it is submitted, and may still change it or refuse it by an exception. */
    public Submission lookAt(Consumer<Job> look) {
        return new Submission(code, context, artifacts, look, onUpload, newRequest(), restoreFrom);
    }

    /** Is told how far the code is on its way. Called on a thread of the connection; must be quick. */
    public Submission onUpload(Consumer<UploadProgress> progress) {
        return new Submission(code, context, artifacts, lookAt, progress, requestId, restoreFrom);
    }

    /** Begins with a checkpoint of the job's id: its own id, {@code latest}, or {@code none}, which is the default. */
    public Submission restoreFrom(String checkpoint) {
        return restoreFrom(RestoreFrom.of(checkpoint));
    }

    /** Like {@link #restoreFrom(String)}, also for a job in which stages of the checkpoint have other ids. */
    public Submission restoreFrom(RestoreFrom from) {
        return new Submission(code, context, artifacts, lookAt, onUpload, newRequest(), from);
    }

    /** Chooses the name of the request, 1 to 128 characters: for programs that must find their job again. */
    public Submission requestId(String id) {
        return new Submission(code, context, artifacts, lookAt, onUpload, id, restoreFrom);
    }

    /** The same as another request: submitted, it makes another job. */
    public Submission again() {
        return requestId(newRequest());
    }

    public String requestId() {
        return requestId;
    }

    public JobContext context() {
        return context;
    }

    RestoreFrom restoreFrom() {
        return restoreFrom;
    }

    LoadedWorkflow load() {
        return code.load(artifacts);
    }

    Consumer<Job> look() {
        return lookAt;
    }

    Consumer<UploadProgress> upload() {
        return onUpload;
    }

    /** The workflow's own code and the further artifacts, in class path order. */
    List<ProgramJar> jars(LoadedWorkflow loaded) {
        List<ProgramJar> jars = new ArrayList<>(loaded.code().get());
        artifacts.stream()
                .map(ProgramJar::of)
                .filter(jar -> jars.stream()
                        .noneMatch(other ->
                                other.artifact().sha256().equals(jar.artifact().sha256())))
                .forEach(jars::add);
        return jars;
    }
}
