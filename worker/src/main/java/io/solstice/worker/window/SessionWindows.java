package io.solstice.worker.window;

import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.worker.aggregate.Slots;
import io.solstice.worker.pile.Run;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Session windows. A session knows its first and last row; which are complete is found by buckets of event time: each
 * session lies in that of a moment not later than its end, and when time gets there it is given out or moved on, so that
 * a row that prolongs a session moves nothing.
 */
final class SessionWindows implements Kept {
    private static final int ASIDE = -1;

    private final AggregationPlan plan;
    private final long gap;
    private final long lateness;
    private final long early;
    private final Results results;
    private final Sessions state;
    private final SessionRoom room;
    private final SessionTable sessions;
    private final Slots aggregates;
    private final DueBuckets buckets;
    /** Sessions that became part of another one in this batch, and of which. */
    private final IntList moved = new IntList();

    private final IntList movedTo = new IntList();
    /** Sessions that were given out, or should have been, before this batch changed them. */
    private final IntList corrected = new IntList();

    private int[] keys = new int[0];
    private int[] slots = new int[0];

    SessionWindows(AggregationPlan plan, long gap, Results results) {
        this.plan = plan;
        this.gap = gap;
        this.lateness = plan.definition().latenessMicros();
        this.early = plan.definition().earlyMicros();
        this.state = new Sessions(plan.shape());
        this.room = new SessionRoom(results.allocator());
        this.sessions = state.table();
        this.aggregates = state.aggregates();
        this.buckets = new DueBuckets(sessions, Math.max(1, gap / 16));
        this.results = results;
    }

    @Override
    public void add(Batch batch, BatchInput input, long watermark, Aside aside, Outbox out) {
        int rows = batch.rowCount();
        if (keys.length < rows) {
            keys = new int[rows];
            slots = new int[rows];
        }
        state.assign(input.keys(batch), rows, keys);
        int asides = assign(input.times(), rows, watermark, aside);
        mergeMoved(rows);
        if (asides == 0) {
            aggregate(batch, input);
        } else if (asides < rows) {
            aggregateRest(batch, input);
        }
        room.measure(state.heapBytes());
        if (corrected.size() > 0) {
            correct(watermark, out);
        }
    }

    /** Finds the session of each row; returns how many are too late. */
    private int assign(long[] times, int rows, long watermark, Aside aside) {
        int[] plain = sessions.plain;
        long[] last = sessions.last;
        boolean tracking = early > 0;
        int asides = 0;
        for (int i = 0; i < rows; i++) {
            int slot = plain[keys[i]];
            long time = times[i];
            if (slot != SessionTable.NONE && time >= last[slot] && time - last[slot] < gap) {
                last[slot] = time;
                if (tracking) {
                    sessions.changed[slot] = true;
                }
            } else {
                slot = slotOf(keys[i], time, watermark);
                last = sessions.last;
                if (slot == ASIDE) {
                    asides++;
                    aside.late(i, time + gap);
                }
            }
            slots[i] = slot;
        }
        return asides;
    }

    /** The session that a row belongs to, prolonged, joined with others, or new; {@link #ASIDE} if it is too late. */
    private int slotOf(int key, long time, long watermark) {
        int slot = sessions.head(key);
        int found = SessionTable.NONE;
        while (slot != SessionTable.NONE) {
            int following = sessions.next[slot];
            // Overlapping, not merely touching; what was joined before counts.
            if (time < sessions.last[slot] + gap && sessions.start[slot] < time + gap) {
                found = found == SessionTable.NONE ? slot : join(found, slot);
            }
            slot = following;
        }
        if (found == SessionTable.NONE) {
            if (time + gap + lateness <= watermark) {
                return ASIDE;
            }
            found = sessions.open(key, time);
            if (time + gap <= watermark) {
                corrected.add(found);
            } else {
                buckets.put(found, time + gap);
            }
            return found;
        }
        sessions.start[found] = Math.min(sessions.start[found], time);
        sessions.last[found] = Math.max(sessions.last[found], time);
        sessions.changed[found] = true;
        if (sessions.given[found]) {
            corrected.add(found);
        }
        return found;
    }

    /** Makes the second session a part of the first. */
    private int join(int into, int other) {
        sessions.start[into] = Math.min(sessions.start[into], sessions.start[other]);
        sessions.last[into] = Math.max(sessions.last[into], sessions.last[other]);
        sessions.panes[into] = Math.max(sessions.panes[into], sessions.panes[other]);
        sessions.unlink(other);
        sessions.given(into, sessions.given[into] || sessions.given[other]);
        moved.add(other);
        movedTo.add(into);
        return into;
    }

    private void mergeMoved(int rows) {
        if (moved.size() == 0) {
            return;
        }
        int[] target = new int[sessions.bound()];
        Arrays.fill(target, SessionTable.NONE);
        for (int i = moved.size() - 1; i >= 0; i--) {
            int to = movedTo.get(i);
            target[moved.get(i)] = target[to] == SessionTable.NONE ? to : target[to];
        }
        for (int i = 0; i < rows; i++) {
            if (slots[i] != ASIDE && target[slots[i]] != SessionTable.NONE) {
                slots[i] = target[slots[i]];
            }
        }
        aggregates.move(moved.items(), movedTo.items(), moved.size(), sessions.bound());
        for (int i = 0; i < moved.size(); i++) {
            sessions.free(moved.get(i));
        }
        moved.clear();
        movedTo.clear();
    }

    private void aggregate(Batch batch, BatchInput input) {
        input.readValues(batch);
        aggregates.add(input.lanes(), input.times(), slots, batch.rowCount(), sessions.bound());
    }

    private void aggregateRest(Batch batch, BatchInput input) {
        Selection rest = new Selection();
        for (int i = 0; i < batch.rowCount(); i++) {
            if (slots[i] != ASIDE) {
                slots[rest.rowCount()] = slots[i];
                rest.add(i);
            }
        }
        try (Batch part = Gather.rows(batch, rest, results.allocator())) {
            input.readTimes(part);
            aggregate(part, input);
        }
    }

    /** Gives out anew what late rows have changed, unless they made a session incomplete again. */
    private void correct(long watermark, Outbox out) {
        IntList late = new IntList();
        for (int i = 0; i < corrected.size(); i++) {
            int slot = corrected.get(i);
            // A slot may be here twice, or have become part of another, which is here too.
            if (!sessions.isOpen(slot) || !sessions.changed[slot]) {
                continue;
            }
            long end = sessions.last[slot] + gap;
            if (end <= watermark) {
                sessions.changed[slot] = false;
                sessions.given(slot, true);
                late.add(slot);
                buckets.put(slot, end + lateness);
            } else {
                sessions.given(slot, false);
                buckets.put(slot, end);
            }
        }
        corrected.clear();
        if (late.size() > 0) {
            out.emitAll(new Given(late, true, new IntList()));
        }
    }

    @Override
    public void advance(long before, long now, Outbox out) {
        IntList complete = new IntList();
        IntList expired = new IntList();
        IntList later = new IntList();
        IntList due = buckets.take(now);
        for (int i = 0; i < due.size(); i++) {
            look(due.get(i), now, complete, expired, later);
        }
        for (int i = 0; i < later.size(); i++) {
            int slot = later.get(i);
            buckets.put(slot, sessions.last[slot] + gap + (sessions.given[slot] ? lateness : 0));
        }
        if (complete.size() + expired.size() > 0) {
            out.emitAll(new Given(complete, false, expired));
        }
        if (early > 0 && now < Long.MAX_VALUE && Math.floorDiv(before, early) < Math.floorDiv(now, early)) {
            out.emitAll(new Given(unfinished(), false, new IntList()));
        }
    }

    private void look(int slot, long now, IntList complete, IntList expired, IntList later) {
        long end = sessions.last[slot] + gap;
        if (!sessions.given[slot] && end <= now) {
            sessions.given(slot, true);
            sessions.changed[slot] = false;
            complete.add(slot);
        }
        if (end + lateness <= now) {
            expired.add(slot);
        } else {
            later.add(slot);
        }
    }

    private IntList unfinished() {
        IntList changed = new IntList();
        for (int slot = 0; slot < sessions.bound(); slot++) {
            if (sessions.isOpen(slot) && !sessions.given[slot] && sessions.changed[slot]) {
                sessions.changed[slot] = false;
                changed.add(slot);
            }
        }
        return changed;
    }

    /** Gives out sessions as downstream takes them, then forgets those that are not needed any more. */
    private final class Given implements Iterator<Batch> {
        private final IntList given;
        private final boolean late;
        private final IntList forget;
        private int at;

        Given(IntList given, boolean late, IntList forget) {
            this.given = given;
            this.late = late;
            this.forget = forget;
        }

        @Override
        public boolean hasNext() {
            if (at < given.size()) {
                return true;
            }
            for (int i = 0; i < forget.size(); i++) {
                state.close(forget.get(i));
            }
            if (forget.size() > 0) {
                forget.clear();
                state.forgetKeys();
            }
            return false;
        }

        @Override
        public Batch next() {
            int from = at;
            int count = Math.min(Results.ROWS, given.size() - from);
            at += count;
            return batch(given.items(), from, count, late);
        }
    }

    private Batch batch(int[] picks, int from, int count, boolean late) {
        Results.Panes panes = new Results.Panes(
                row -> sessions.start[picks[from + row]],
                row -> sessions.last[picks[from + row]] + gap,
                row -> sessions.panes[picks[from + row]]++,
                late);
        return results.batch(
                state.keys(picks, from, count, results.allocator()),
                () -> aggregates.results(picks, from, count, results.allocator()),
                count,
                panes);
    }

    @Override
    public void save(List<Batch> tables) {
        state.save(tables, results.allocator());
    }

    @Override
    public List<Run> load(Batch batch, long watermark) {
        for (int slot : state.load(batch)) {
            buckets.put(slot, sessions.last[slot] + gap + (sessions.given[slot] ? lateness : 0));
        }
        room.measure(state.heapBytes());
        return List.of();
    }

    @Override
    public void close() {
        room.close();
    }
}
