package io.solstice.common.wire;

import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerRegistration;
import io.solstice.proto.v1.Drain;
import io.solstice.proto.v1.Heartbeat;
import io.solstice.proto.v1.HeartbeatSeen;
import io.solstice.proto.v1.Leaving;
import io.solstice.proto.v1.Register;
import io.solstice.proto.v1.Welcome;

/** What travels on the one stream between a worker and its master, in both directions. */
public final class MessageCodec {
    private MessageCodec() {}

    public static io.solstice.proto.v1.WorkerMessage toProto(WorkerMessage message) {
        var sent = io.solstice.proto.v1.WorkerMessage.newBuilder();
        if (message instanceof WorkerMessage.Register register) {
            sent.setRegister(toProto(register.registration()));
        } else if (message instanceof WorkerMessage.Heartbeat heartbeat) {
            var beat = Heartbeat.newBuilder().setSequence(heartbeat.sequence()).setMemoryBytes(heartbeat.memoryBytes());
            heartbeat.tasks().forEach(metrics -> beat.addTasks(PartCodec.toProto(metrics)));
            sent.setHeartbeat(beat);
        } else if (message instanceof WorkerMessage.Report report) {
            sent.setReport(ReportCodec.toProto(report.report()));
        } else if (message instanceof WorkerMessage.Leaving) {
            sent.setLeaving(Leaving.getDefaultInstance());
        }
        return sent.build();
    }

    public static WorkerMessage fromProto(io.solstice.proto.v1.WorkerMessage message) {
        return switch (message.getKindCase()) {
            case REGISTER -> new WorkerMessage.Register(fromProto(message.getRegister()));
            case HEARTBEAT -> heartbeat(message.getHeartbeat());
            case REPORT -> new WorkerMessage.Report(ReportCodec.fromProto(message.getReport()));
            case LEAVING -> new WorkerMessage.Leaving();
            case KIND_NOT_SET -> throw Wire.invalid("WorkerMessage", "its kind is missing or unknown");
        };
    }

    private static WorkerMessage.Heartbeat heartbeat(Heartbeat beat) {
        return new WorkerMessage.Heartbeat(
                beat.getSequence(),
                Wire.atLeast(0, beat.getMemoryBytes(), "Heartbeat", "memory_bytes"),
                beat.getTasksList().stream().map(PartCodec::fromProto).toList());
    }

    private static Register toProto(WorkerRegistration registration) {
        Register.Builder sent = Register.newBuilder()
                .setWorkerId(registration.worker().value())
                .setEndpoint(PartCodec.toProto(registration.endpoint()))
                .setOffered(GraphCodec.toProto(registration.offered()))
                .setVersion(registration.version())
                .setClusterId(registration.cluster())
                .setDraining(registration.draining());
        registration.held().forEach(run -> sent.addHeld(PartCodec.toProto(run)));
        return sent.build();
    }

    private static WorkerRegistration fromProto(Register register) {
        Wire.present(register.hasEndpoint(), "Register", "endpoint");
        Wire.present(register.hasOffered(), "Register", "offered");
        return new WorkerRegistration(
                new WorkerId(register.getWorkerId()),
                PartCodec.fromProto(register.getEndpoint()),
                GraphCodec.fromProto(register.getOffered()),
                Wire.text(register.getVersion(), Wire.MAX_NAME, "Register", "version"),
                Wire.text(register.getClusterId(), Wire.MAX_NAME, "Register", "cluster_id"),
                PartCodec.runs(register.getHeldList()),
                register.getDraining());
    }

    public static io.solstice.proto.v1.MasterMessage toProto(MasterMessage message) {
        var sent = io.solstice.proto.v1.MasterMessage.newBuilder();
        if (message instanceof MasterMessage.Welcome welcome) {
            var kept = Welcome.newBuilder().setTerm(welcome.term());
            welcome.kept().forEach(run -> kept.addKept(PartCodec.toProto(run)));
            sent.setWelcome(kept);
        } else if (message instanceof MasterMessage.Refused refused) {
            sent.setRefused(ErrorCodec.toProto(refused.error()));
        } else if (message instanceof MasterMessage.HeartbeatSeen seen) {
            HeartbeatSeen.Builder answer = HeartbeatSeen.newBuilder().setSequence(seen.sequence());
            seen.others().forEach(time -> answer.addOthers(PartCodec.toProto(time)));
            sent.setHeartbeatSeen(answer);
        } else if (message instanceof MasterMessage.Drain) {
            sent.setDrain(Drain.getDefaultInstance());
        } else if (message instanceof MasterMessage.Command command) {
            sent.setCommand(CommandCodec.toProto(command.command()));
        }
        return sent.build();
    }

    public static MasterMessage fromProto(io.solstice.proto.v1.MasterMessage message) {
        return switch (message.getKindCase()) {
            case WELCOME ->
                new MasterMessage.Welcome(
                        Wire.atLeast(0, message.getWelcome().getTerm(), "Welcome", "term"),
                        PartCodec.runs(message.getWelcome().getKeptList()));
            case REFUSED -> new MasterMessage.Refused(ErrorCodec.fromProto(message.getRefused()));
            case HEARTBEAT_SEEN ->
                new MasterMessage.HeartbeatSeen(
                        message.getHeartbeatSeen().getSequence(),
                        message.getHeartbeatSeen().getOthersList().stream()
                                .map(PartCodec::fromProto)
                                .toList());
            case DRAIN -> new MasterMessage.Drain();
            case COMMAND -> new MasterMessage.Command(CommandCodec.fromProto(message.getCommand()));
            case KIND_NOT_SET -> throw Wire.invalid("MasterMessage", "its kind is missing or unknown");
        };
    }
}
