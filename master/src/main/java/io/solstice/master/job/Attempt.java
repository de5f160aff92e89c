package io.solstice.master.job;

import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.StateObject;
import io.solstice.common.protocol.TaskSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A checkpoint that is being taken: which tasks have answered, and with what. */
final class Attempt {
    private final long epoch;
    private final CheckpointId id;
    private final Moment begun;
    private final boolean last;
    private final Set<TaskId> awaited;
    private final Map<TaskId, TaskSnapshot> snapshots = new TreeMap<>();
    /** What tasks sealed that had taken the cut and then came to their end: it is not part of this checkpoint. */
    private final List<Committable> afterCut = new ArrayList<>();

    /** @param alive the tasks that are to take the cut */
    Attempt(long epoch, CheckpointId id, Moment begun, boolean last, Collection<TaskId> alive) {
        this.epoch = epoch;
        this.id = id;
        this.begun = begun;
        this.last = last;
        this.awaited = new TreeSet<>(alive);
    }

    /**
     * A name that no other checkpoint of the job has: of this moment, and of what tells its runs and masters apart. A
     * new master takes up the checkpoint that the old one may have written half of.
     */
    static CheckpointId id(Moment now, JobSpec spec, RunId run, long epoch, long term) {
        long mixed = (spec.requestId().hashCode() * 31L + run.generation()) * 0x9E3779B97F4A7C15L + epoch;
        mixed = (mixed + term) * 0x9E3779B97F4A7C15L;
        return CheckpointId.of(now.wallMillis(), (int) (mixed ^ mixed >>> 32));
    }

    /** Whether a checkpoint was taken by this very submission of the job. */
    static boolean isOf(JobSpec spec, CheckpointId id, long generation, long epoch, long term) {
        String any = id(new Moment(0, 0), spec, new RunId(spec.job(), generation), epoch, term)
                .value();
        return id.value().endsWith(any.substring(any.lastIndexOf('_')));
    }

    long epoch() {
        return epoch;
    }

    CheckpointId id() {
        return id;
    }

    Moment begun() {
        return begun;
    }

    /** Nothing comes after it. */
    boolean isLast() {
        return last;
    }

    void taken(TaskSnapshot snapshot) {
        if (awaited.remove(snapshot.task())) {
            snapshots.put(snapshot.task(), snapshot);
        }
    }

    /** @return whether what the task sealed last is part of this checkpoint, since it ended without taking the cut */
    boolean ended(TaskId task, List<Committable> sealed) {
        if (snapshots.containsKey(task)) {
            afterCut.addAll(sealed);
            return false;
        }
        awaited.remove(task);
        return true;
    }

    boolean isAnswered() {
        return awaited.isEmpty();
    }

    Set<TaskId> awaited() {
        return awaited;
    }

    boolean took(TaskId task) {
        return snapshots.containsKey(task);
    }

    boolean isEmpty() {
        return snapshots.isEmpty();
    }

    List<Committable> committables() {
        return snapshots.values().stream()
                .flatMap(snapshot -> snapshot.committables().stream())
                .toList();
    }

    List<StateObject> states() {
        return snapshots.values().stream()
                .flatMap(snapshot -> snapshot.states().stream())
                .toList();
    }

    List<Committable> afterCut() {
        return afterCut;
    }

    /** Where the tasks of a source were. */
    Map<TaskId, SourcePosition> positions(StageId source) {
        Map<TaskId, SourcePosition> positions = new HashMap<>();
        snapshots.forEach((task, snapshot) -> snapshot.positions().stream()
                .filter(position -> position.source().equals(source))
                .forEach(position -> positions.put(task, position)));
        return positions;
    }
}
