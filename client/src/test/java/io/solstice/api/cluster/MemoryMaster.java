package io.solstice.api.cluster;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.wire.ErrorCodec;
import io.solstice.proto.v1.AdminServiceGrpc;
import io.solstice.proto.v1.Artifact;
import io.solstice.proto.v1.CancelJobRequest;
import io.solstice.proto.v1.Cluster;
import io.solstice.proto.v1.DescribeJobRequest;
import io.solstice.proto.v1.DescribeWorkerRequest;
import io.solstice.proto.v1.DrainWorkerRequest;
import io.solstice.proto.v1.FindMissingArtifactsRequest;
import io.solstice.proto.v1.FindMissingArtifactsResponse;
import io.solstice.proto.v1.GetClusterRequest;
import io.solstice.proto.v1.GetJobRequest;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.JobDescription;
import io.solstice.proto.v1.JobLogLine;
import io.solstice.proto.v1.JobServiceGrpc;
import io.solstice.proto.v1.JobSpec;
import io.solstice.proto.v1.JobState;
import io.solstice.proto.v1.ListJobsRequest;
import io.solstice.proto.v1.ListJobsResponse;
import io.solstice.proto.v1.ListWorkersRequest;
import io.solstice.proto.v1.ListWorkersResponse;
import io.solstice.proto.v1.ReadJobLogRequest;
import io.solstice.proto.v1.Resources;
import io.solstice.proto.v1.StageStatus;
import io.solstice.proto.v1.SubmitJobRequest;
import io.solstice.proto.v1.SubmitJobResponse;
import io.solstice.proto.v1.TaskStatus;
import io.solstice.proto.v1.UploadArtifactRequest;
import io.solstice.proto.v1.UploadArtifactResponse;
import io.solstice.proto.v1.WatchJobRequest;
import io.solstice.proto.v1.Worker;
import io.solstice.proto.v1.WorkerDescription;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A small master over real gRPC that keeps jobs in memory and moves them as a test says. */
public final class MemoryMaster implements AutoCloseable {
    private static final Metadata.Key<byte[]> TRAILER =
            Metadata.Key.of("solstice-error-bin", Metadata.BINARY_BYTE_MARSHALLER);

    public final Map<String, byte[]> artifacts = new ConcurrentHashMap<>();
    public final Map<String, Job> jobs = new ConcurrentSkipListMap<>();
    public final List<JobSpec> submitted = new CopyOnWriteArrayList<>();
    public final AtomicInteger uploads = new AtomicInteger();
    public final AtomicInteger watches = new AtomicInteger();
    public final ConcurrentLinkedQueue<Status> failures = new ConcurrentLinkedQueue<>();
    /** What becomes of a job as soon as it is submitted. */
    public volatile UnaryOperator<Job> onSubmit =
            job -> job.toBuilder().setState(JobState.RUNNING).build();

    public volatile @Nullable String token;
    public final Map<String, Worker> workers = new ConcurrentSkipListMap<>();
    private final Map<String, Job> byRequest = new ConcurrentHashMap<>();
    private final Map<StreamObserver<Job>, String> watchers = new ConcurrentHashMap<>();
    private final AtomicInteger generations = new AtomicInteger();
    private final String address;
    private Server server;

    public MemoryMaster() throws IOException {
        this.server = start(0);
        this.address = "127.0.0.1:" + server.getPort();
    }

    private Server start(int port) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .addService(new Jobs())
                .addService(new Admin())
                .intercept(new Doorkeeper())
                .build()
                .start();
    }

    public String address() {
        return address;
    }

    /** Ends the process, as it were, and starts it again with what it knows. */
    public void restart() throws IOException, InterruptedException {
        int port = server.getPort();
        watchers.clear();
        server.shutdownNow().awaitTermination();
        server = start(port);
    }

    /** Changes a job and tells those who watch it. */
    public void move(String jobId, UnaryOperator<Job.Builder> change) {
        Job now = change.apply(Objects.requireNonNull(jobs.get(jobId)).toBuilder())
                .build();
        jobs.put(jobId, now);
        for (StreamObserver<Job> watcher : List.copyOf(watchers.keySet())) {
            if (jobId.equals(watchers.get(watcher))) {
                tell(watcher, now);
            }
        }
    }

    public void move(String jobId, JobState state) {
        move(jobId, job -> job.setState(state));
    }

    public void fail(String jobId, SolsticeError error) {
        move(jobId, job -> job.setState(JobState.FAILED).setError(ErrorCodec.toProto(error)));
    }

    private void tell(StreamObserver<Job> watcher, Job job) {
        try {
            watcher.onNext(job);
        } catch (StatusRuntimeException gone) {
            watchers.remove(watcher);
            return;
        }
        if (JobWatch.isTerminal(job.getState())) {
            watchers.remove(watcher);
            watcher.onCompleted();
        }
    }

    private Job find(String id) {
        List<String> found = new ArrayList<>();
        jobs.keySet().stream().filter(known -> known.startsWith(id)).forEach(found::add);
        Job exact = jobs.get(id);
        if (exact != null) {
            return exact;
        }
        if (found.size() != 1) {
            throw refused(ErrorCode.JOB_UNKNOWN
                    .error((found.isEmpty() ? "no job '" : "several jobs begin with '") + id + "'")
                    .help("known: " + String.join(", ", found.isEmpty() ? jobs.keySet() : found)));
        }
        return Objects.requireNonNull(jobs.get(found.get(0)));
    }

    private static StatusRuntimeException refused(SolsticeError error) {
        Metadata trailers = new Metadata();
        trailers.put(TRAILER, ErrorCodec.toProto(error).toByteArray());
        return Status.FAILED_PRECONDITION.withDescription(error.what()).asRuntimeException(trailers);
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination();
    }

    /** Refuses callers without the token, and fails the next calls if told so. */
    private final class Doorkeeper implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String given = headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
            if (token != null && !("Bearer " + token).equals(given)) {
                StatusRuntimeException refusal = refused(ErrorCode.CALLER_REFUSED.error("no valid token"));
                call.close(refusal.getStatus(), Objects.requireNonNull(refusal.getTrailers()));
                return new ServerCall.Listener<>() {};
            }
            Status failure = failures.poll();
            if (failure != null) {
                call.close(failure, new Metadata());
                return new ServerCall.Listener<>() {};
            }
            return next.startCall(call, headers);
        }
    }

    private final class Jobs extends JobServiceGrpc.JobServiceImplBase {
        @Override
        public void findMissingArtifacts(
                FindMissingArtifactsRequest request, StreamObserver<FindMissingArtifactsResponse> answer) {
            answer.onNext(FindMissingArtifactsResponse.newBuilder()
                    .addAllMissingSha256(request.getSha256List().stream()
                            .filter(sha -> !artifacts.containsKey(sha))
                            .toList())
                    .build());
            answer.onCompleted();
        }

        @Override
        public StreamObserver<UploadArtifactRequest> uploadArtifact(StreamObserver<UploadArtifactResponse> answer) {
            uploads.incrementAndGet();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            return new StreamObserver<>() {
                private Artifact artifact = Artifact.getDefaultInstance();

                @Override
                public void onNext(UploadArtifactRequest request) {
                    if (request.hasArtifact()) {
                        artifact = request.getArtifact();
                    }
                    ByteString chunk = request.getChunk();
                    bytes.writeBytes(chunk.toByteArray());
                }

                @Override
                public void onError(Throwable broken) {
                    // nothing is stored
                }

                @Override
                public void onCompleted() {
                    artifacts.put(artifact.getSha256(), bytes.toByteArray());
                    answer.onNext(UploadArtifactResponse.newBuilder()
                            .setArtifact(artifact)
                            .build());
                    answer.onCompleted();
                }
            };
        }

        @Override
        public void submitJob(SubmitJobRequest request, StreamObserver<SubmitJobResponse> answer) {
            JobSpec spec = request.getSpec();
            boolean seen = byRequest.containsKey(spec.getRequestId());
            Job job = byRequest.computeIfAbsent(spec.getRequestId(), id -> accept(spec));
            answer.onNext(SubmitJobResponse.newBuilder()
                    .setJobId(job.getJobId())
                    .setGeneration(job.getGeneration())
                    .setSeenBefore(seen)
                    .build());
            answer.onCompleted();
        }

        private Job accept(JobSpec spec) {
            submitted.add(spec);
            Job.Builder job = Job.newBuilder()
                    .setJobId(spec.getGraph().getJobId())
                    .setGeneration(generations.incrementAndGet())
                    .setSubmitter("anonymous")
                    .setSubmittedMillis(System.currentTimeMillis())
                    .setState(JobState.CREATED);
            spec.getGraph()
                    .getStagesList()
                    .forEach(stage -> job.addStages(StageStatus.newBuilder()
                            .setStageId(stage.getStageId())
                            .setOperatorType(stage.getOperatorType())));
            Job moved = onSubmit.apply(job.build());
            jobs.put(moved.getJobId(), moved);
            return moved;
        }

        private void answer(String id, StreamObserver<Job> answer) {
            try {
                answer.onNext(find(id));
                answer.onCompleted();
            } catch (StatusRuntimeException unknown) {
                answer.onError(unknown);
            }
        }

        @Override
        public void getJob(GetJobRequest request, StreamObserver<Job> answer) {
            answer(request.getJobId(), answer);
        }

        @Override
        public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> answer) {
            answer.onNext(ListJobsResponse.newBuilder()
                    .addAllJobs(jobs.values().stream()
                            .filter(job -> request.getStatesList().isEmpty()
                                    || request.getStatesList().contains(job.getState()))
                            .toList())
                    .build());
            answer.onCompleted();
        }

        @Override
        public void watchJob(WatchJobRequest request, StreamObserver<Job> watcher) {
            Job job = jobs.get(request.getJobId());
            if (job == null || job.getGeneration() != request.getGeneration()) {
                watcher.onError(refused(ErrorCode.JOB_UNKNOWN.error("no job '" + request.getJobId() + "'")));
                return;
            }
            watches.incrementAndGet();
            watchers.put(watcher, request.getJobId());
            tell(watcher, job);
        }

        @Override
        public void cancelJob(CancelJobRequest request, StreamObserver<Job> answer) {
            Job job = jobs.get(request.getJobId());
            if (job != null && !JobWatch.isTerminal(job.getState())) {
                move(request.getJobId(), JobState.CANCELLED);
            }
            answer(request.getJobId(), answer);
        }

        @Override
        public void readJobLog(ReadJobLogRequest request, StreamObserver<JobLogLine> answer) {
            try {
                Job job = find(request.getJobId());
                answer.onNext(JobLogLine.newBuilder()
                        .setTimeMillis(job.getSubmittedMillis())
                        .setLevel("INFO")
                        .setText("submitted by " + job.getSubmitter())
                        .build());
                answer.onCompleted();
            } catch (StatusRuntimeException unknown) {
                answer.onError(unknown);
            }
        }
    }

    private final class Admin extends AdminServiceGrpc.AdminServiceImplBase {
        @Override
        public void getCluster(GetClusterRequest request, StreamObserver<Cluster> answer) {
            answer.onNext(Cluster.newBuilder()
                    .setClusterId("test")
                    .setTerm(3)
                    .setWorkers(workers.size())
                    .setOffered(Resources.newBuilder().setNumCpus(4).setMemoryBytes(1L << 30))
                    .setFree(Resources.newBuilder().setNumCpus(2.5).setMemoryBytes(1L << 29))
                    .build());
            answer.onCompleted();
        }

        @Override
        public void describeJob(DescribeJobRequest request, StreamObserver<JobDescription> answer) {
            try {
                answer.onNext(JobDescription.newBuilder()
                        .setJob(find(request.getJobId()))
                        .addTasks(TaskStatus.newBuilder()
                                .setTask(request.getJobId() + "/in/0")
                                .addStages("in")
                                .setWorkerId("worker-1")
                                .setState("RUNNING"))
                        .build());
                answer.onCompleted();
            } catch (StatusRuntimeException unknown) {
                answer.onError(unknown);
            }
        }

        @Override
        public void listWorkers(ListWorkersRequest request, StreamObserver<ListWorkersResponse> answer) {
            answer.onNext(ListWorkersResponse.newBuilder()
                    .addAllWorkers(workers.values())
                    .build());
            answer.onCompleted();
        }

        @Override
        public void describeWorker(DescribeWorkerRequest request, StreamObserver<WorkerDescription> answer) {
            Worker worker = workers.values().stream()
                    .filter(each -> each.getWorkerId().startsWith(request.getWorkerId()))
                    .findFirst()
                    .orElse(null);
            if (worker == null) {
                answer.onError(refused(ErrorCode.WORKER_UNKNOWN.error("no worker '" + request.getWorkerId() + "'")));
                return;
            }
            answer.onNext(WorkerDescription.newBuilder().setWorker(worker).build());
            answer.onCompleted();
        }

        @Override
        public void drainWorker(DrainWorkerRequest request, StreamObserver<Worker> answer) {
            Worker drained = Objects.requireNonNull(workers.get(request.getWorkerId())).toBuilder()
                    .setState(Worker.State.DRAINING)
                    .build();
            workers.put(drained.getWorkerId(), drained);
            answer.onNext(drained);
            answer.onCompleted();
        }
    }
}
