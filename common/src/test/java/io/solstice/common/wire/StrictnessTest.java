package io.solstice.common.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.CheckpointPolicy;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.id.JobId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Program;
import io.solstice.proto.v1.Command;
import io.solstice.proto.v1.Edge;
import io.solstice.proto.v1.MasterMessage;
import io.solstice.proto.v1.Register;
import io.solstice.proto.v1.Report;
import io.solstice.proto.v1.Run;
import io.solstice.proto.v1.Stage;
import io.solstice.proto.v1.Value;
import io.solstice.proto.v1.ValueList;
import io.solstice.proto.v1.ValueMap;
import io.solstice.proto.v1.WorkerMessage;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StrictnessTest {
    private static final Run RUN =
            Run.newBuilder().setJobId("j").setGeneration(1).build();

    @Test
    void messagesWithoutAKindAreRefused() {
        assertInvalid(() -> MessageCodec.fromProto(WorkerMessage.getDefaultInstance()), "kind");
        assertInvalid(() -> MessageCodec.fromProto(MasterMessage.getDefaultInstance()), "kind");
        assertInvalid(
                () -> CommandCodec.fromProto(Command.newBuilder().setRun(RUN).build()), "kind");
        assertInvalid(
                () -> ReportCodec.fromProto(Report.newBuilder().setRun(RUN).build()), "kind");
        assertInvalid(
                () -> ReportCodec.fromProto(Report.newBuilder()
                        .setRun(RUN)
                        .setTaskEnded(Report.TaskEnded.newBuilder()
                                .setTask(io.solstice.proto.v1.Task.newBuilder().setStageId("s")))
                        .build()),
                "outcome");
    }

    @Test
    void missingPartsAreNamed() {
        assertInvalid(
                () -> CommandCodec.fromProto(Command.newBuilder()
                        .setRun(RUN)
                        .setPrepare(Command.Prepare.getDefaultInstance())
                        .build()),
                "spec is missing");
        assertInvalid(
                () -> MessageCodec.fromProto(WorkerMessage.newBuilder()
                        .setRegister(Register.newBuilder().setWorkerId("w"))
                        .build()),
                "endpoint is missing");
        assertInvalid(() -> SpecCodec.fromProto(io.solstice.proto.v1.JobSpec.getDefaultInstance()), "graph is missing");
    }

    @Test
    void unknownWordsAreRefused() {
        var graph = GraphCodec.toProto(new JobGraph(new JobId("j"), List.of(), List.of(), 1, CheckpointPolicy.DEFAULT));
        Edge edge = Edge.newBuilder()
                .setFromStage("a")
                .setToStage("b")
                .setPartitioningValue(77)
                .build();
        assertInvalid(
                () -> GraphCodec.fromProto(graph.toBuilder().addEdges(edge).build()), "partitioning");
        Stage stage = Stage.newBuilder()
                .setStageId("a")
                .setParallelism(io.solstice.proto.v1.Parallelism.newBuilder()
                        .setInitial(1)
                        .setMin(1)
                        .setMax(1))
                .setResources(io.solstice.proto.v1.Resources.getDefaultInstance())
                .setReserved(io.solstice.proto.v1.Resources.getDefaultInstance())
                .build();
        assertInvalid(
                () -> GraphCodec.fromProto(graph.toBuilder().addStages(stage).build()), "role");
        assertInvalid(
                () -> GraphCodec.fromProto(
                        graph.toBuilder().setStateStoreValue(9).build()),
                "state_store");
    }

    @Test
    void longIdsAndNegativeNumbersAreRefused() {
        assertThat(refusal(() -> PartCodec.fromProto(
                                Run.newBuilder().setJobId("x".repeat(129)).build()))
                        .code())
                .isEqualTo(ErrorCode.NAME_INVALID);
        assertInvalid(
                () -> PartCodec.fromProto(
                        Run.newBuilder().setJobId("j").setGeneration(-1).build()),
                "generation");
        assertInvalid(() -> SpecCodec.sha256("../../etc/passwd"), "sha256");
    }

    @Test
    void valuesThatAreTooDeepOrTooManyAreRefusedOnBothSides() {
        Object deep = "x";
        Value deepSent = Value.newBuilder().setText("x").build();
        for (int i = 0; i <= ValueCodec.MAX_DEPTH; i++) {
            deep = List.of(deep);
            deepSent = Value.newBuilder()
                    .setList(ValueList.newBuilder().addValues(deepSent))
                    .build();
        }
        Map<String, Object> config = Map.of("k", deep);
        assertThat(refusal(() -> ValueCodec.toProto(config)).error().where()).startsWith("config.k[0][0]");
        ValueMap sent = one("k", deepSent);
        assertInvalid(() -> ValueCodec.fromProto(sent), "deep");

        ValueList.Builder many = ValueList.newBuilder();
        for (int i = 0; i <= ValueCodec.MAX_VALUES; i++) {
            many.addValues(Value.newBuilder().setTruth(true));
        }
        assertInvalid(
                () -> ValueCodec.fromProto(
                        one("k", Value.newBuilder().setList(many).build())),
                "values");
    }

    @Test
    void theDeepestConfigurationFitsInTheDeepestMessage() throws Exception {
        Object deep = "x";
        for (int i = 0; i < ValueCodec.MAX_DEPTH; i++) {
            deep = Map.of("k", deep);
        }
        JobSpec spec = new RandomRecords(1).spec();
        JobSpec deepSpec =
                new JobSpec(spec.graph(), new Program(List.of(), "W", Map.of("k", deep), Map.of()), "r", "s");
        var message = new io.solstice.common.protocol.MasterMessage.Command(
                new io.solstice.common.protocol.WorkerCommand.Prepare(
                        new io.solstice.common.id.RunId(new JobId("j"), 1), deepSpec));
        byte[] bytes = Wire.bytes(MessageCodec.toProto(message));
        assertThat(MessageCodec.fromProto(MasterMessage.parseFrom(bytes))).isEqualTo(message);
    }

    @Test
    void valuesThatCannotTravelAreNamedByTheirPlace() {
        assertPlace(Map.of("big", BigInteger.TEN), "config.big");
        assertPlace(Map.of("a", Map.of("b", List.of(1, 2.5f))), "config.a.b[1]");
        assertPlace(Map.of("a", Map.of(7, "seven")), "config.a.7");
        Map<String, Object> nullKey = new HashMap<>();
        nullKey.put("list", Arrays.asList("x", null));
        assertThat(ValueCodec.fromProto(ValueCodec.toProto(nullKey))).isEqualTo(nullKey);
    }

    @Test
    void keysThatComeTwiceAndValuesThatAreMissingAreRefused() {
        Value value = Value.newBuilder().setText("x").build();
        assertInvalid(
                () -> ValueCodec.fromProto(one("k", value).toBuilder()
                        .addEntries(one("k", value).getEntries(0))
                        .build()),
                "twice");
        assertInvalid(() -> ValueCodec.fromProto(one("k", Value.getDefaultInstance())), "kind");
        assertInvalid(
                () -> ValueCodec.fromProto(ValueMap.newBuilder()
                        .addEntries(ValueMap.Entry.newBuilder().setKey("k"))
                        .build()),
                "'k'");
    }

    @Test
    void anErrorOfANewerPeerKeepsItsText() {
        SolsticeError read = ErrorCodec.fromProto(io.solstice.proto.v1.Error.newBuilder()
                .setCode("SOL-7777")
                .setWhat("the flux is too high")
                .setHelp("lower it")
                .build());
        assertThat(read.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(read.what()).isEqualTo("[SOL-7777] the flux is too high");
        assertThat(read.help()).isEqualTo("lower it");
    }

    @Test
    void aVeryLongErrorIsClippedNotRefused() {
        SolsticeError read = ErrorCodec.fromProto(ErrorCodec.toProto(ErrorCode.INTERNAL.error("🌞".repeat(100_000))));
        assertThat(read.what()).hasSizeLessThanOrEqualTo(1 << 16).endsWith("🌞…");
    }

    private static ValueMap one(String key, Value value) {
        return ValueMap.newBuilder()
                .addEntries(ValueMap.Entry.newBuilder().setKey(key).setValue(value))
                .build();
    }

    private static void assertPlace(Map<String, Object> config, String place) {
        SolsticeError error = refusal(() -> ValueCodec.toProto(config)).error();
        assertThat(error.code()).isEqualTo(ErrorCode.OPTION_INVALID);
        assertThat(error.where()).isEqualTo(place);
    }

    private static void assertInvalid(Runnable reading, String cause) {
        SolsticeError error = refusal(reading).error();
        assertThat(error.code()).isEqualTo(ErrorCode.MESSAGE_INVALID);
        assertThat(error.cause()).contains(cause);
    }

    private static SolsticeException refusal(Runnable reading) {
        return catchThrowableOfType(SolsticeException.class, reading::run);
    }
}
