package io.solstice.master.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.graph.GraphCheck;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Program.Artifact;
import io.solstice.common.rpc.Caller;
import io.solstice.common.wire.PartCodec;
import io.solstice.common.wire.SpecCodec;
import io.solstice.master.Master;
import io.solstice.master.cluster.JobView;
import io.solstice.proto.v1.CancelJobRequest;
import io.solstice.proto.v1.DownloadArtifactRequest;
import io.solstice.proto.v1.DownloadArtifactResponse;
import io.solstice.proto.v1.FindMissingArtifactsRequest;
import io.solstice.proto.v1.FindMissingArtifactsResponse;
import io.solstice.proto.v1.GetFlightTicketsRequest;
import io.solstice.proto.v1.GetFlightTicketsResponse;
import io.solstice.proto.v1.GetJobRequest;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.JobLogLine;
import io.solstice.proto.v1.JobServiceGrpc;
import io.solstice.proto.v1.ListJobsRequest;
import io.solstice.proto.v1.ListJobsResponse;
import io.solstice.proto.v1.ReadJobLogRequest;
import io.solstice.proto.v1.SubmitJobRequest;
import io.solstice.proto.v1.SubmitJobResponse;
import io.solstice.proto.v1.UploadArtifactRequest;
import io.solstice.proto.v1.UploadArtifactResponse;
import io.solstice.proto.v1.WatchJobRequest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The service for programs that submit jobs and follow them. */
public final class JobServiceRpc extends JobServiceGrpc.JobServiceImplBase {
    private static final long LEAST_INTERVAL_MILLIS = 100;

    private final Door door;
    private final JobEnd jobEnd;
    private final ArtifactStreams artifacts;
    private final Clock clock;

    public JobServiceRpc(Door door, ArtifactStreams artifacts, Clock clock) {
        this.door = door;
        this.jobEnd = new JobEnd(door);
        this.artifacts = artifacts;
        this.clock = clock;
    }

    @Override
    public void findMissingArtifacts(
            FindMissingArtifactsRequest request, StreamObserver<FindMissingArtifactsResponse> observer) {
        request.getSha256List().forEach(SpecCodec::sha256);
        door.answer(
                observer,
                artifacts.missing(request.getSha256List()),
                missing -> FindMissingArtifactsResponse.newBuilder()
                        .addAllMissingSha256(missing)
                        .build());
    }

    @Override
    public StreamObserver<UploadArtifactRequest> uploadArtifact(StreamObserver<UploadArtifactResponse> observer) {
        return artifacts.upload(observer);
    }

    @Override
    public void downloadArtifact(DownloadArtifactRequest request, StreamObserver<DownloadArtifactResponse> observer) {
        artifacts.download(SpecCodec.sha256(request.getSha256()), observer);
    }

    @Override
    public void submitJob(SubmitJobRequest request, StreamObserver<SubmitJobResponse> observer) {
        JobSpec spec =
                SpecCodec.fromProto(request.getSpec()).by(Caller.current().name());
        check(spec);
        List<String> digests =
                spec.program().artifacts().stream().map(Artifact::sha256).toList();
        CompletableFuture<Master.Accepted> accepted = artifacts.missing(digests).thenCompose(missing -> {
            if (!missing.isEmpty()) {
                throw ErrorCode.ARTIFACT_UNKNOWN
                        .error("job '" + spec.job() + "' needs artifacts that the master does not have")
                        .cause("missing: " + String.join(", ", missing))
                        .help("upload them first (UploadArtifact), then submit again")
                        .toException();
            }
            return door.master().submit(spec);
        });
        door.answer(
                observer,
                accepted,
                answer -> SubmitJobResponse.newBuilder()
                        .setJobId(answer.run().job().value())
                        .setGeneration(answer.run().generation())
                        .setSeenBefore(answer.seenBefore())
                        .build());
    }

    private static void check(JobSpec spec) {
        if (spec.requestId().isEmpty() || spec.program().workflow().isEmpty()) {
            throw ErrorCode.MESSAGE_INVALID
                    .error("job '" + spec.job() + "' cannot be submitted")
                    .cause((spec.requestId().isEmpty() ? "request_id" : "program.workflow_class") + " is empty")
                    .help("submit jobs with the client of this version of Solstice")
                    .toException();
        }
        GraphCheck.check(spec.graph());
    }

    @Override
    public void getJob(GetJobRequest request, StreamObserver<Job> observer) {
        door.answer(observer, door.findJob(request.getJobId()), Messages::job);
    }

    @Override
    public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> observer) {
        Set<JobState> states =
                request.getStatesList().stream().map(PartCodec::fromProto).collect(Collectors.toSet());
        door.answer(
                observer,
                door.master().jobs(),
                jobs -> ListJobsResponse.newBuilder()
                        .addAllJobs(jobs.stream()
                                .filter(job -> states.isEmpty()
                                        || states.contains(job.snapshot().state()))
                                .map(Messages::job)
                                .toList())
                        .build());
    }

    @Override
    public void watchJob(WatchJobRequest request, StreamObserver<Job> observer) {
        long interval = request.getIntervalMillis();
        if (interval != 0 && interval < LEAST_INTERVAL_MILLIS) {
            throw ErrorCode.OPTION_INVALID
                    .error("a job cannot be sent every " + interval + " ms")
                    .where("interval_millis")
                    .help("give 0 for changes of state only, or at least " + LEAST_INTERVAL_MILLIS)
                    .toException();
        }
        new WatchStream(door, (ServerCallStreamObserver<Job>) observer, interval)
                .open(run(request.getJobId(), request.getGeneration()));
    }

    /** @param generation 0 for the newest run */
    private CompletableFuture<JobView> run(String job, long generation) {
        return generation == 0 ? door.findJob(job) : door.master().job(new RunId(new JobId(job), generation));
    }

    @Override
    public void readJobLog(ReadJobLogRequest request, StreamObserver<JobLogLine> observer) {
        new LogStream(door, (ServerCallStreamObserver<JobLogLine>) observer, request.getFollow())
                .open(door.findJob(request.getJobId()));
    }

    @Override
    public void cancelJob(CancelJobRequest request, StreamObserver<Job> observer) {
        door.answer(observer, jobEnd.cancel(request), Messages::job);
    }

    @Override
    public void getFlightTickets(GetFlightTicketsRequest request, StreamObserver<GetFlightTicketsResponse> observer) {
        StageId stage = new StageId(request.getStageId());
        CompletableFuture<GetFlightTicketsResponse> tickets = door.findJob(request.getJobId())
                .thenCompose(job -> door.master()
                        .secret(job.snapshot().run())
                        .thenApply(secret -> FlightTickets.of(job, stage, secret, clock.wallMillis())));
        door.answer(observer, tickets, Function.identity());
    }
}
