package io.solstice.common.wire;

import io.solstice.common.id.StageId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Program;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Submitted jobs on the wire. */
public final class SpecCodec {
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    private SpecCodec() {}

    /** A configuration value that cannot travel is refused with its place. */
    public static io.solstice.proto.v1.JobSpec toProto(JobSpec spec) {
        return io.solstice.proto.v1.JobSpec.newBuilder()
                .setGraph(GraphCodec.toProto(spec.graph()))
                .setProgram(toProto(spec.program()))
                .setRequestId(spec.requestId())
                .setSubmitter(spec.submitter())
                .setRestoreFrom(spec.restoreFrom())
                .putAllRestoreMap(restoreMap(spec))
                .build();
    }

    public static JobSpec fromProto(io.solstice.proto.v1.JobSpec spec) {
        Wire.present(spec.hasGraph(), "JobSpec", "graph");
        Wire.present(spec.hasProgram(), "JobSpec", "program");
        return new JobSpec(
                GraphCodec.fromProto(spec.getGraph()),
                fromProto(spec.getProgram()),
                Wire.text(spec.getRequestId(), Wire.MAX_NAME, "JobSpec", "request_id"),
                Wire.text(spec.getSubmitter(), Wire.MAX_NAME, "JobSpec", "submitter"),
                Wire.text(spec.getRestoreFrom(), Wire.MAX_NAME, "JobSpec", "restore_from"),
                restoreMap(spec));
    }

    private static Map<String, String> restoreMap(JobSpec spec) {
        Map<String, String> sent = new TreeMap<>();
        spec.restoreMap().forEach((before, now) -> sent.put(before.value(), now.value()));
        return sent;
    }

    private static Map<StageId, StageId> restoreMap(io.solstice.proto.v1.JobSpec spec) {
        Wire.within(0, Wire.MAX_ENTRIES, spec.getRestoreMapCount(), "JobSpec", "the number of restore_map entries");
        Map<StageId, StageId> map = new HashMap<>();
        spec.getRestoreMapMap().forEach((before, now) -> map.put(new StageId(before), new StageId(now)));
        return map;
    }

    private static io.solstice.proto.v1.Program toProto(Program program) {
        var sent = io.solstice.proto.v1.Program.newBuilder()
                .setWorkflowClass(program.workflow())
                .setConfig(ValueCodec.toProto(program.config()))
                .putAllStateBackend(Wire.sorted(program.stateBackend()));
        program.artifacts().forEach(artifact -> sent.addArtifacts(toProto(artifact)));
        return sent.build();
    }

    private static Program fromProto(io.solstice.proto.v1.Program program) {
        Wire.within(0, Wire.MAX_ENTRIES, program.getStateBackendCount(), "Program", "the number of state_backend keys");
        return new Program(
                Wire.atMost(Wire.MAX_ENTRIES, program.getArtifactsList(), "Program", "artifacts").stream()
                        .map(SpecCodec::fromProto)
                        .toList(),
                Wire.text(program.getWorkflowClass(), Wire.MAX_LABEL, "Program", "workflow_class"),
                ValueCodec.fromProto(program.getConfig()),
                program.getStateBackendMap());
    }

    public static io.solstice.proto.v1.Artifact toProto(Program.Artifact artifact) {
        return io.solstice.proto.v1.Artifact.newBuilder()
                .setSha256(artifact.sha256())
                .setFileName(artifact.fileName())
                .setSizeBytes(artifact.sizeBytes())
                .build();
    }

    public static Program.Artifact fromProto(io.solstice.proto.v1.Artifact artifact) {
        return new Program.Artifact(
                sha256(artifact.getSha256()),
                Wire.text(artifact.getFileName(), Wire.MAX_LABEL, "Artifact", "file_name"),
                Wire.atLeast(0, artifact.getSizeBytes(), "Artifact", "size_bytes"));
    }

    /** A digest in its one form, which is safe as the name of a file. */
    public static String sha256(String digest) {
        if (!SHA_256.matcher(digest).matches()) {
            throw Wire.invalid("Artifact", "sha256 is not 64 lower-case hexadecimal digits");
        }
        return digest;
    }
}
