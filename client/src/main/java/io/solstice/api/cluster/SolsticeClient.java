package io.solstice.api.cluster;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.JobHandle;
import io.solstice.api.JobStatus;
import io.solstice.api.RestoreFrom;
import io.solstice.api.Runner;
import io.solstice.api.StateBackend;
import io.solstice.api.Workflow;
import io.solstice.api.program.LoadedWorkflow;
import io.solstice.api.program.ProgramJar;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Program;
import io.solstice.common.wire.SpecCodec;
import io.solstice.proto.v1.FindMissingArtifactsRequest;
import io.solstice.proto.v1.GetJobRequest;
import io.solstice.proto.v1.JobServiceGrpc;
import io.solstice.proto.v1.JobState;
import io.solstice.proto.v1.ListJobsRequest;
import io.solstice.proto.v1.SubmitJobRequest;
import io.solstice.proto.v1.SubmitJobResponse;
import java.util.List;
import java.util.function.Consumer;

/**
 * Submits jobs to a cluster and follows them. Jobs go on when it is closed. Any thread may use it.
 *
 * <pre>{@code
 * try (SolsticeClient client = SolsticeClient.connect("127.0.0.1:7070")) {
 *     JobHandle job = client.submit(Orders.class, JobContext.of("orders"));
 *     job.await();
 * }
 * }</pre>
 */
public final class SolsticeClient implements AutoCloseable {
    private final MasterConnection master;

    private SolsticeClient(MasterConnection master) {
        this.master = master;
    }

    /** By the environment: SOLSTICE_MASTER (default: 127.0.0.1:7070), SOLSTICE_TOKEN, SOLSTICE_TLS_CA. */
    public static SolsticeClient connect() {
        return connect(ClientOptions.fromEnvironment(System.getenv()));
    }

    /** Like {@link #connect()}, to another master. */
    public static SolsticeClient connect(String address) {
        return connect(ClientOptions.fromEnvironment(System.getenv()).withMaster(address));
    }

    /** Opens no connection yet: the first call does. */
    public static SolsticeClient connect(ClientOptions options) {
        return over(MasterConnection.open(options));
    }

    /** Over a connection that becomes this client's own. */
    public static SolsticeClient over(MasterConnection master) {
        return new SolsticeClient(master);
    }

    /** Submits a workflow of this program; its code travels. */
    public JobHandle submit(Class<? extends Workflow> workflow, JobContext context) {
        return submit(Submission.of(workflow).context(context));
    }

    /**
     * Builds the job here, checks it, brings the code that the master lacks, and submits. Returns when the job runs or
     * waits for room. What is wrong with the program, the graph, an option, a path or a type is thrown, as by an engine
     * in this process, before anything has been written; a graph that cannot be is refused before anything is sent.
     */
    public JobHandle submit(Submission submission) {
        JobSpec spec;
        List<ProgramJar> jars;
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (LoadedWorkflow loaded = submission.load()) {
            Job job = loaded.createJob(submission.context());
            submission.look().accept(job);
            jars = submission.jars(loaded);
            spec = spec(submission, loaded, job, jars);
        } finally {
            thread.setContextClassLoader(before);
        }
        SubmitJobRequest request =
                SubmitJobRequest.newBuilder().setSpec(SpecCodec.toProto(spec)).build();
        SubmitJobResponse made = send(request, jars, submission.upload());
        ClusterJob handle = follow(io.solstice.proto.v1.Job.newBuilder()
                .setJobId(made.getJobId())
                .setGeneration(made.getGeneration())
                .setState(JobState.CREATED)
                .setSubmittedMillis(Clock.SYSTEM.wallMillis())
                .build());
        handle.awaitStart();
        return handle;
    }

    private SubmitJobResponse send(SubmitJobRequest request, List<ProgramJar> jars, Consumer<UploadProgress> told) {
        try {
            return bringAndSend(request, jars, told);
        } catch (SolsticeException refused) {
            if (refused.code() != ErrorCode.ARTIFACT_UNKNOWN) {
                throw refused;
            }
            // the master cleaned up between the two calls
            return bringAndSend(request, jars, told);
        }
    }

    private SubmitJobResponse bringAndSend(
            SubmitJobRequest request, List<ProgramJar> jars, Consumer<UploadProgress> told) {
        master.repeated(() -> {
            bring(jars, told);
            return jars.size();
        });
        return master.call(JobServiceGrpc::newBlockingStub, jobs -> jobs.submitJob(request));
    }

    private static JobSpec spec(Submission submission, LoadedWorkflow loaded, Job job, List<ProgramJar> jars) {
        JobContext context = submission.context();
        Program program = new Program(
                jars.stream().map(ProgramJar::artifact).toList(),
                loaded.workflow().getClass().getName(),
                context.config().asMap(),
                stateBackend(context, job).toConfig());
        return new JobSpec(
                job.graph(),
                program,
                submission.requestId(),
                "",
                submission.restoreFrom().checkpointOnWire(),
                submission.restoreFrom().renamedOnWire());
    }

    /** What the submitter says, else what the workflow says: where neither says anything, both have the default. */
    private static StateBackend stateBackend(JobContext context, Job job) {
        return context.stateBackend().equals(StateBackend.DEFAULT) ? job.stateBackend() : context.stateBackend();
    }

    private void bring(List<ProgramJar> jars, Consumer<UploadProgress> told) {
        if (jars.isEmpty()) {
            return;
        }
        FindMissingArtifactsRequest asked = FindMissingArtifactsRequest.newBuilder()
                .addAllSha256(jars.stream().map(jar -> jar.artifact().sha256()).toList())
                .build();
        List<String> missing = master.call(JobServiceGrpc::newBlockingStub, jobs -> jobs.findMissingArtifacts(asked))
                .getMissingSha256List();
        jars.stream()
                .filter(jar -> missing.contains(jar.artifact().sha256()))
                .forEach(jar -> ArtifactUpload.send(jar, master, told));
    }

    private ClusterJob follow(io.solstice.proto.v1.Job known) {
        JobWatch watch = new JobWatch(master, known);
        ClusterJob handle = new ClusterJob(master, watch);
        watch.start();
        return handle;
    }

    /** The newest run of a job, by its id or by a beginning of it that no other job has. */
    public JobHandle job(String id) {
        GetJobRequest request = GetJobRequest.newBuilder().setJobId(id).build();
        return follow(master.call(JobServiceGrpc::newBlockingStub, jobs -> jobs.getJob(request)));
    }

    /** All running jobs and those that ended not long ago, newest first. */
    public List<JobStatus> jobs() {
        return master
                .call(JobServiceGrpc::newBlockingStub, jobs -> jobs.listJobs(ListJobsRequest.getDefaultInstance()))
                .getJobsList()
                .stream()
                .map(JobNews::status)
                .toList();
    }

    /** A runner of a submission on this cluster. Shutting it down stops its job and leaves this client open. */
    public Runner createRunner(Submission submission) {
        return new Runner(() -> JobStatus.notStarted(submission.context().jobId(), 0), new Runner.Launch() {
            @Override
            public void open() {
                jobs();
            }

            @Override
            public JobHandle submit(RestoreFrom restoreFrom) {
                return SolsticeClient.this.submit(
                        restoreFrom.isAnew() ? submission : submission.restoreFrom(restoreFrom));
            }

            @Override
            public void close() {
                // the client is its owner's
            }
        });
    }

    /** Ends following and gives threads and connections back. Jobs go on. */
    @Override
    public void close() {
        master.close();
    }
}
