package io.solstice.worker.task;

import io.solstice.common.id.StageId;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.SplitPosition;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.TaskTime;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.EndOfInput;
import io.solstice.exchange.batch.Idle;
import io.solstice.exchange.batch.StreamElement;
import io.solstice.exchange.batch.Watermark;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Reads splits that never end, all that the task has at the same time, in turn. Each is an input of its own, with its own
 * time; the task's is the least of those that are not idle. It asks for splits at intervals, so that the tasks of a source
 * get about equally many. Used by the task's thread; splits are assigned by any.
 */
public final class SideBySide implements TaskInput {
    private static final long FIRST_PATIENCE_NANOS = 20_000_000;
    private static final long LONGEST_PATIENCE_NANOS = 1_000_000_000;

    private final StageId stage;
    private final Opening opening;
    private final SourceInput.SplitRequests requests;
    private final Errands errands;
    private final StageCounters counters;
    private final boolean splitsInOrder;
    /** In the group of sources that the task is to stay near, until it reads a split; null if there is none. */
    private final AlignedGroup.@Nullable Member aligned;

    private final Clock clock;
    private final ConcurrentLinkedQueue<SplitStart> assigned = new ConcurrentLinkedQueue<>();
    private volatile boolean lastAssigned;
    private volatile boolean asked;
    private final List<Reading> readings = new ArrayList<>();
    private final List<AlignedGroup.Member> members = new CopyOnWriteArrayList<>();
    private long askNanos;
    private long patienceNanos = FIRST_PATIENCE_NANOS;
    private int turn;
    private long said = SplitStart.NO_TIME;
    private boolean idle;
    private volatile String place = "";
    private volatile String holder = "";

    /** Begins to read one split. */
    @FunctionalInterface
    public interface Opening {
        SourceReading open(SplitStart start, AlignedGroup.@Nullable Member aligned);
    }

    /** A split, and how far its event time has come. */
    private static final class Reading {
        private final SourceReading input;
        private long time = SplitStart.NO_TIME;
        private boolean idle;
        private boolean ended;

        Reading(SourceReading input) {
            this.input = input;
        }
    }

    public SideBySide(
            StageId stage,
            Opening opening,
            SourceInput.SplitRequests requests,
            Errands errands,
            StageCounters counters,
            boolean splitsInOrder,
            AlignedGroup.@Nullable Member aligned,
            Clock clock) {
        this.stage = stage;
        this.opening = opening;
        this.requests = requests;
        this.errands = errands;
        this.counters = counters;
        this.splitsInOrder = splitsInOrder;
        this.aligned = aligned;
        this.clock = clock;
        this.askNanos = clock.monotonicNanos();
    }

    /** Called by any thread, which then wakes the task. */
    public void assign(Iterable<SplitStart> splits, boolean last) {
        splits.forEach(assigned::add);
        lastAssigned |= last;
        asked = false;
    }

    private boolean areAllHere() {
        // The mark is read first: what was assigned before it is in the queue by then.
        return lastAssigned && assigned.isEmpty();
    }

    @Override
    public @Nullable StreamElement poll() throws Exception {
        boolean all = areAllHere();
        openAssigned();
        ask();
        errands.run();
        for (int i = 0; i < readings.size(); i++) {
            Reading next = readings.get(turn++ % readings.size());
            StreamElement element = next.ended ? null : polled(next);
            if (element != null) {
                return element;
            }
        }
        if (all && readings.stream().allMatch(reading -> reading.ended)) {
            holder = "";
            if (aligned != null) {
                aligned.rests();
            }
            return EndOfInput.INSTANCE;
        }
        return time();
    }

    private void openAssigned() {
        for (SplitStart start = assigned.poll(); start != null; start = assigned.poll()) {
            AlignedGroup.Member member = aligned == null ? null : aligned.another();
            if (member != null && aligned != null) {
                members.add(member);
                aligned.rests();
            }
            readings.add(new Reading(opening.open(start, member)));
            patienceNanos = FIRST_PATIENCE_NANOS;
        }
    }

    private void ask() {
        long now = clock.monotonicNanos();
        if (!lastAssigned && !asked && now - askNanos >= 0) {
            askNanos = now + patienceNanos;
            patienceNanos = Math.min(2 * patienceNanos, LONGEST_PATIENCE_NANOS);
            asked = true;
            requests.wanted(!readings.isEmpty());
        }
    }

    /** What a split gives, or what follows from it for the task. */
    private @Nullable StreamElement polled(Reading reading) throws Exception {
        place = reading.input.place();
        StreamElement element = reading.input.poll();
        if (element instanceof Batch batch) {
            place = reading.input.place();
            errands.run();
            counters.addInput(batch.rowCount());
            counters.addOutput(batch.rowCount());
            return batch;
        } else if (element instanceof Watermark watermark) {
            reading.time = Math.max(reading.time, watermark.micros());
            reading.idle = false;
        } else if (element instanceof Idle) {
            reading.idle = true;
        } else if (element instanceof EndOfInput) {
            reading.ended = true;
            errands.run();
        }
        return element == null ? null : time();
    }

    /** What is new about the event time of all. */
    private @Nullable StreamElement time() {
        Reading slowest = null;
        boolean open = false;
        for (Reading reading : readings) {
            open |= !reading.ended;
            if (!reading.ended && !reading.idle && (slowest == null || reading.time < slowest.time)) {
                slowest = reading;
            }
        }
        if (!areAllHere() && !splitsInOrder) {
            holder = "splits that are not read yet";
            return null;
        }
        if (slowest == null) {
            boolean rests = open && !idle;
            idle |= rests;
            return rests ? Idle.INSTANCE : null;
        }
        holder = slowest.input.timeHolder();
        if (slowest.time <= said && !idle) {
            return null;
        }
        idle = false;
        said = Math.max(said, slowest.time);
        return new Watermark(said);
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public SourcePosition position() {
        List<SplitPosition> positions = new ArrayList<>();
        for (Reading reading : readings) {
            SourcePosition own = reading.input.position();
            positions.add(new SplitPosition(own.finished() > 0, own.rows(), own.watermark()));
        }
        int finished = 0;
        while (finished < positions.size() && positions.get(finished).finished()) {
            finished++;
        }
        if (finished == positions.size()) {
            return new SourcePosition(stage, finished, 0, SplitStart.NO_TIME);
        }
        SplitPosition first = positions.get(finished);
        return new SourcePosition(
                stage, finished, first.rows(), first.watermark(), positions.subList(finished + 1, positions.size()));
    }

    @Override
    public long dueNanos() {
        long due = lastAssigned || asked ? Long.MAX_VALUE : Math.max(1, askNanos - clock.monotonicNanos());
        for (Reading reading : readings) {
            due = reading.ended ? due : Math.min(due, reading.input.dueNanos());
        }
        return due;
    }

    @Override
    public String timeHolder() {
        return holder;
    }

    @Override
    public TaskTime time(long watermark, boolean isIdle) {
        AlignedGroup.Member own = aligned;
        if (own == null) {
            return new TaskTime(watermark, isIdle, holder);
        }
        long least = own.told();
        for (AlignedGroup.Member member : members) {
            least = Math.min(least, member.told());
        }
        return new TaskTime(watermark, isIdle, holder, own.group(), least);
    }

    @Override
    public void close() {
        readings.forEach(reading -> reading.input.close());
        members.forEach(AlignedGroup.Member::leave);
    }
}
