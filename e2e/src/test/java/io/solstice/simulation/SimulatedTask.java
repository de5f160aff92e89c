package io.solstice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.graph.Edge;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.RestorePoint;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.StateObject;
import io.solstice.common.protocol.StatePlace;
import io.solstice.common.protocol.TaskSnapshot;
import io.solstice.common.protocol.WorkerCommand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A task that reads rows, or takes them from others, aligns barriers, and seals what its sink got at every cut. */
final class SimulatedTask {
    private final World world;
    private final RunId run;
    private final String attempt;
    private final String submission;
    private final RandomJob job;
    private final TaskId id;
    private final boolean hadFinished;
    private final Map<StageId, List<TaskId>> outputs = new HashMap<>();
    private final List<TaskId> inputs = new ArrayList<>();
    private final Deque<SplitStart> splits = new ArrayDeque<>();
    private final Deque<Channels.Element.Barrier> cuts = new ArrayDeque<>();
    private final Map<TaskId, Channels.Element.Barrier> blocked = new HashMap<>();
    /** The states of each of its cuts. */
    private final Map<Long, List<StateObject>> pieces = new HashMap<>();

    private final Set<TaskId> ended = new HashSet<>();
    private final List<String> written = new ArrayList<>();
    /** Of each split that it has read to its end. */
    private final Map<String, Long> read = new HashMap<>();

    private int finished;
    private long rows;
    private boolean opened;
    private boolean last;
    private boolean asked;
    private long questions;

    /** What the task did in one step. */
    sealed interface Step {
        record Nothing() implements Step {}

        record Asks(long number, boolean ahead) implements Step {}

        record FinishedSplit(String split) implements Step {}

        record Cut(long epoch, TaskSnapshot snapshot) implements Step {}

        record Ends(List<Committable> sealed) implements Step {}
    }

    /**
     * @param attempt within the run
     * @param hadFinished it had come to its end before the checkpoint that it begins with
     */
    SimulatedTask(World world, RunId run, String attempt, JobSpec spec, TaskId id, boolean hadFinished) {
        this.world = world;
        this.submission = StatePlace.submission(spec.requestId());
        this.run = run;
        this.attempt = attempt;
        this.job = world.ledger().job(spec.requestId());
        this.id = id;
        this.hadFinished = hadFinished;
        for (Edge edge : job.plan().outputs(job.plan().chainOf(id.stage()))) {
            List<TaskId> targets = tasks(edge.to());
            boolean forward = edge.partitioning() == Partitioning.FORWARD;
            outputs.put(edge.to(), forward ? List.of(targets.get(id.index())) : targets);
        }
        for (Edge edge : job.plan().graph().inputs(id.stage())) {
            List<TaskId> origins = tasks(job.plan().chainOf(edge.from()).head());
            boolean forward = edge.partitioning() == Partitioning.FORWARD;
            inputs.addAll(forward ? List.of(origins.get(id.index())) : origins);
        }
    }

    private List<TaskId> tasks(StageId head) {
        int count = job.plan().chainOf(head).parallelism().initial();
        List<TaskId> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(new TaskId(id.job(), head, i));
        }
        return tasks;
    }

    String attempt() {
        return attempt;
    }

    void assign(WorkerCommand.AssignSplits assign) {
        splits.addAll(assign.splits());
        last |= assign.last();
        asked = false;
    }

    /** A source is to take a cut. */
    void cutSoon(Channels.Element.Barrier barrier) {
        if (inputs.isEmpty()) {
            cuts.add(barrier);
        }
    }

    Step step() {
        if (!inputs.isEmpty()) {
            return take();
        }
        Channels.Element.Barrier cut = cuts.poll();
        if (cut != null) {
            return cut(cut);
        }
        return hadFinished ? finish() : read();
    }

    private Step read() {
        SplitStart at = splits.peek();
        if (at == null) {
            if (last) {
                return finish();
            }
            boolean asks = !asked;
            asked = true;
            return asks ? new Step.Asks(++questions, false) : new Step.Nothing();
        }
        if (!opened) {
            opened = true;
            rows = world.plant() == Plant.RESTORED_SPLITS_BEGIN_ANEW ? 0 : at.rows();
            world.progress().reads(run, at.split().id(), rows);
            goesOn(at);
        }
        if (!last && !asked && splits.size() == 1 && world.timeline().chance(0.2)) {
            asked = true;
            return new Step.Asks(++questions, true);
        }
        if (rows < at.split().rows()) {
            emit(at.split().id() + "/" + rows++);
            return new Step.Nothing();
        }
        if (job.isEndless() && world.isOpenEnded()) {
            return new Step.Nothing();
        }
        splits.remove();
        read.put(at.split().id(), Progress.ALL);
        opened = false;
        rows = 0;
        finished++;
        return new Step.FinishedSplit(at.split().id());
    }

    /** Event time after so many rows of a split. */
    private static long time(SplitStart at, long read) {
        return read == 0 ? SplitStart.NO_TIME : Math.floorMod(at.split().id().hashCode(), 1_000) + read;
    }

    private void goesOn(SplitStart at) {
        long before = time(at, at.rows());
        Invariant.I12.holds(
                at.watermark() == before,
                () -> at.split().id() + " goes on at " + at.watermark() + " in " + run + ", and had come to " + before);
    }

    private void emit(String row) {
        if (job.writes(id.stage())) {
            written.add(row);
        }
        for (List<TaskId> targets : outputs.values()) {
            TaskId target = targets.get(world.timeline().random().nextInt(targets.size()));
            world.channels().road(run, attempt, id, target).add(new Channels.Element.Row(row));
        }
    }

    private void toAll(Channels.Element element) {
        outputs.values()
                .forEach(targets -> targets.forEach(target ->
                        world.channels().road(run, attempt, id, target).add(element)));
    }

    private Step take() {
        for (TaskId input : inputs) {
            if (!blocked.containsKey(input) && !ended.contains(input)) {
                takeFrom(input);
            }
        }
        boolean aligned = !blocked.isEmpty()
                && inputs.stream().allMatch(input -> blocked.containsKey(input) || ended.contains(input));
        if (aligned) {
            assertThat(new HashSet<>(blocked.values())).as("barriers that meet").hasSize(1);
            Channels.Element.Barrier barrier = blocked.values().iterator().next();
            blocked.clear();
            return cut(barrier);
        }
        return ended.size() == inputs.size() ? finish() : new Step.Nothing();
    }

    private void takeFrom(TaskId input) {
        Deque<Channels.Element> road = world.channels().road(run, attempt, input, id);
        for (int i = world.timeline().random().nextInt(4); i >= 0; i--) {
            Channels.Element element = road.poll();
            if (element instanceof Channels.Element.Row row) {
                written.add(row.id());
            } else if (element instanceof Channels.Element.Barrier barrier) {
                blocked.put(input, barrier);
                return;
            } else if (element instanceof Channels.Element.End) {
                ended.add(input);
                return;
            }
        }
    }

    private Step cut(Channels.Element.Barrier barrier) {
        toAll(barrier);
        long epoch = barrier.epoch();
        List<SourcePosition> positions = List.of();
        if (inputs.isEmpty()) {
            world.progress().cut(run, id, epoch, progress());
            long said = opened ? rows : 0;
            if (opened && world.plant() == Plant.POSITIONS_ARE_ONE_BEHIND) {
                said = Math.max(0, said - 1);
            } else if (opened && world.plant() == Plant.POSITIONS_ARE_ONE_AHEAD) {
                said++;
            }
            SplitStart at = splits.peek();
            boolean tells = opened && at != null && world.plant() != Plant.EVENT_TIME_IS_FORGOTTEN;
            long time = tells ? time(at, said) : SplitStart.NO_TIME;
            positions = List.of(new SourcePosition(id.stage(), finished, said, time));
        }
        return new Step.Cut(epoch, new TaskSnapshot(id, positions, states(epoch, barrier.base()), seal()));
    }

    private Map<String, Long> progress() {
        Map<String, Long> all = new HashMap<>(read);
        SplitStart at = splits.peek();
        if (opened && at != null) {
            all.put(at.split().id(), rows);
        }
        return all;
    }

    /** The pieces that it begins with may be named again. */
    void restore(RestorePoint from) {
        List<StateObject> own = from.states().stream()
                .filter(state -> state.stage().equals(id.stage()) && state.index() == id.index())
                .toList();
        pieces.put(from.epoch(), own);
    }

    /** Some of those that the base had, and a new one. */
    private List<StateObject> states(long epoch, long base) {
        List<StateObject> states = new ArrayList<>();
        for (StateObject old : pieces.getOrDefault(base, List.of())) {
            if (world.timeline().chance(0.6)) {
                states.add(old);
            }
        }
        states.add(state(epoch));
        pieces.keySet().removeIf(before -> before < base);
        pieces.put(epoch, List.copyOf(states));
        return states;
    }

    private StateObject state(long epoch) {
        StatePlace place = new StatePlace(run.job(), submission, run.generation(), epoch);
        String key = place.key(id.stage() + "-" + id.index());
        return new StateObject(id.stage(), id.index(), key, 1, "0".repeat(64));
    }

    private Step finish() {
        world.progress().ended(run, id, progress());
        toAll(new Channels.Element.End());
        return new Step.Ends(seal());
    }

    List<Committable> seal() {
        if (written.isEmpty()) {
            return List.of();
        }
        List<StageId> line = job.plan().chainOf(id.stage()).stages();
        StageId sink = line.get(line.size() - 1);
        List<Committable> sealed = List.of(new Committable(sink, id.index(), String.join(",", written)));
        written.clear();
        return sealed;
    }
}
