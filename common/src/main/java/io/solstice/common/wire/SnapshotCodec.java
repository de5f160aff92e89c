package io.solstice.common.wire;

import io.solstice.common.graph.Parallelism;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.RestorePoint;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.SplitPosition;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.StateObject;
import io.solstice.common.protocol.TaskSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What checkpoints are made of, on the wire. */
public final class SnapshotCodec {
    private SnapshotCodec() {}

    static io.solstice.proto.v1.SplitStart toProto(SplitStart start) {
        io.solstice.proto.v1.SplitStart.Builder sent = io.solstice.proto.v1.SplitStart.newBuilder()
                .setSplit(PartCodec.toProto(start.split()))
                .setRows(start.rows());
        if (start.watermark() != SplitStart.NO_TIME) {
            sent.setWatermark(start.watermark());
        }
        return sent.build();
    }

    static List<SplitStart> starts(List<io.solstice.proto.v1.SplitStart> starts) {
        return starts.stream()
                .map(start -> new SplitStart(
                        PartCodec.fromProto(start.getSplit()),
                        Wire.atLeast(0, start.getRows(), "SplitStart", "rows"),
                        start.hasWatermark() ? start.getWatermark() : SplitStart.NO_TIME))
                .toList();
    }

    public static io.solstice.proto.v1.SourcePosition toProto(SourcePosition position) {
        io.solstice.proto.v1.SourcePosition.Builder sent = io.solstice.proto.v1.SourcePosition.newBuilder()
                .setSource(position.source().value())
                .setFinished(position.finished())
                .setRows(position.rows());
        if (position.watermark() != SplitStart.NO_TIME) {
            sent.setWatermark(position.watermark());
        }
        position.beside().forEach(split -> sent.addBeside(toProto(split)));
        return sent.build();
    }

    private static io.solstice.proto.v1.SplitPosition toProto(SplitPosition split) {
        io.solstice.proto.v1.SplitPosition.Builder sent = io.solstice.proto.v1.SplitPosition.newBuilder()
                .setFinished(split.finished())
                .setRows(split.rows());
        if (split.watermark() != SplitStart.NO_TIME) {
            sent.setWatermark(split.watermark());
        }
        return sent.build();
    }

    private static SplitPosition fromProto(io.solstice.proto.v1.SplitPosition split) {
        return new SplitPosition(
                split.getFinished(),
                Wire.atLeast(0, split.getRows(), "SplitPosition", "rows"),
                split.hasWatermark() ? split.getWatermark() : SplitStart.NO_TIME);
    }

    public static SourcePosition fromProto(io.solstice.proto.v1.SourcePosition position) {
        return new SourcePosition(
                new StageId(position.getSource()),
                Wire.within(0, Integer.MAX_VALUE, position.getFinished(), "SourcePosition", "finished"),
                Wire.atLeast(0, position.getRows(), "SourcePosition", "rows"),
                position.hasWatermark() ? position.getWatermark() : SplitStart.NO_TIME,
                position.getBesideList().stream().map(SnapshotCodec::fromProto).toList());
    }

    public static io.solstice.proto.v1.StateObject toProto(StateObject state) {
        return io.solstice.proto.v1.StateObject.newBuilder()
                .setStageId(state.stage().value())
                .setIndex(state.index())
                .setKey(state.key())
                .setBytes(state.bytes())
                .setSha256(state.sha256())
                .build();
    }

    public static StateObject fromProto(io.solstice.proto.v1.StateObject state) {
        return new StateObject(
                new StageId(state.getStageId()),
                Wire.within(0, Parallelism.LIMIT - 1, state.getIndex(), "StateObject", "index"),
                Wire.text(state.getKey(), Wire.MAX_LABEL, "StateObject", "key"),
                Wire.atLeast(0, state.getBytes(), "StateObject", "bytes"),
                SpecCodec.sha256(state.getSha256()));
    }

    public static io.solstice.proto.v1.TaskSnapshot toProto(TaskSnapshot snapshot) {
        var sent = io.solstice.proto.v1.TaskSnapshot.newBuilder().setTask(PartCodec.toProto(snapshot.task()));
        snapshot.positions().forEach(position -> sent.addPositions(toProto(position)));
        snapshot.states().forEach(state -> sent.addStates(toProto(state)));
        snapshot.committables().forEach(committable -> sent.addCommittables(PartCodec.toProto(committable)));
        return sent.build();
    }

    public static TaskSnapshot fromProto(RunId run, io.solstice.proto.v1.TaskSnapshot snapshot) {
        return new TaskSnapshot(
                PartCodec.fromProto(run, snapshot.getTask()),
                snapshot.getPositionsList().stream()
                        .map(SnapshotCodec::fromProto)
                        .toList(),
                snapshot.getStatesList().stream().map(SnapshotCodec::fromProto).toList(),
                PartCodec.committables(snapshot.getCommittablesList()));
    }

    static io.solstice.proto.v1.RestorePoint toProto(RestorePoint restore) {
        var sent = io.solstice.proto.v1.RestorePoint.newBuilder()
                .setEpoch(restore.epoch())
                .putAllTasks(Wire.sorted(restore.tasks()));
        restore.states().forEach(state -> sent.addStates(toProto(state)));
        restore.finished().forEach(task -> sent.addFinished(PartCodec.toProto(task)));
        return sent.build();
    }

    static RestorePoint fromProto(RunId run, io.solstice.proto.v1.RestorePoint restore) {
        return new RestorePoint(
                Wire.atLeast(0, restore.getEpoch(), "RestorePoint", "epoch"),
                restore.getStatesList().stream().map(SnapshotCodec::fromProto).toList(),
                tasks(restore),
                restore.getFinishedList().stream()
                        .map(task -> PartCodec.fromProto(run, task))
                        .toList());
    }

    private static Map<StageId, Integer> tasks(io.solstice.proto.v1.RestorePoint restore) {
        Map<StageId, Integer> tasks = new HashMap<>();
        Wire.within(0, Wire.MAX_ENTRIES, restore.getTasksCount(), "RestorePoint", "the number of stages");
        restore.getTasksMap()
                .forEach((stage, count) -> tasks.put(
                        new StageId(stage), Wire.within(1, Parallelism.LIMIT, count, "RestorePoint", "tasks")));
        return tasks;
    }
}
