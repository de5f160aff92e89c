package io.solstice.master.rpc;

import com.google.protobuf.ByteString;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.graph.Chain;
import io.solstice.common.graph.StageNode;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Placement;
import io.solstice.common.ticket.FlightTicket;
import io.solstice.common.ticket.FlightTicket.Right;
import io.solstice.common.ticket.RunSecret;
import io.solstice.common.wire.PartCodec;
import io.solstice.master.cluster.JobView;
import io.solstice.proto.v1.GetFlightTicketsResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Signs tickets for the stages of a run that plain Flight clients may read from or send to. */
final class FlightTickets {
    private static final Duration VALID_FOR = Duration.ofHours(1);

    private FlightTickets() {}

    /** One for each task of the stage. */
    static GetFlightTicketsResponse of(JobView job, StageId id, Optional<RunSecret> secret, long nowMillis) {
        Right right = right(job, stage(job, id));
        Placement placement = job.placement();
        if (placement == null || secret.isEmpty()) {
            throw ErrorCode.JOB_STATE
                    .error("job '" + job.snapshot().run().job() + "' has no tasks to reach")
                    .cause("it is " + job.snapshot().state() + ", and its tasks were not placed by this master")
                    .help("ask again when it runs")
                    .toException();
        }
        RunId run = job.snapshot().current();
        FlightTicket ticket = new FlightTicket(run, id, FlightTicket.ALL, right, nowMillis + VALID_FOR.toMillis());
        Chain chain = job.plan().chainOf(id);
        GetFlightTicketsResponse.Builder tickets = GetFlightTicketsResponse.newBuilder();
        for (int i = 0; i < chain.parallelism().initial(); i++) {
            tickets.addTickets(io.solstice.proto.v1.FlightTicket.newBuilder()
                    .setEndpoint(PartCodec.toProto(placement.endpointOf(new TaskId(run.job(), chain.head(), i))))
                    .setTicket(ByteString.copyFrom(ticket.of(i).sign(secret.get()))));
        }
        return tickets.build();
    }

    private static StageNode stage(JobView job, StageId id) {
        List<StageNode> stages = job.spec().graph().stages();
        return stages.stream()
                .filter(stage -> stage.id().equals(id))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> known =
                            stages.stream().map(stage -> stage.id().value()).toList();
                    return ErrorCode.STAGE_UNKNOWN
                            .error("job '" + job.snapshot().run().job() + "' has no stage '" + id + "'")
                            .help(NearestName.help(id.value(), known))
                            .toException();
                });
    }

    private static Right right(JobView job, StageNode stage) {
        return switch (stage.operatorType()) {
            case "FlightSink" -> Right.READ;
            case "FlightSource" -> Right.SEND;
            default ->
                throw ErrorCode.STAGE_ROLE
                        .error("stage '" + stage.id() + "' cannot be reached over Flight")
                        .where("job '" + job.snapshot().run().job() + "'")
                        .cause("it is a " + stage.operatorType() + ", not a FlightSink or FlightSource")
                        .help("end the branch with FlightSink, or begin it with FlightSource")
                        .toException();
        };
    }
}
