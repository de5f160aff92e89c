package io.solstice.worker.window;

import io.solstice.api.operator.Outbox;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.Gather;
import io.solstice.exchange.batch.Selection;
import io.solstice.worker.aggregate.Slots;
import io.solstice.worker.keyed.GroupTable;
import io.solstice.worker.pile.Piles;
import io.solstice.worker.pile.Run;
import io.solstice.worker.pile.RunOwner;
import java.util.List;

/**
 * Session windows. A session knows its first and last row; which are complete is found by buckets of event time: each
 * session lies in that of a moment not later than its end, and when time gets there it is given out or moved on, so that
 * a row that prolongs a session moves nothing. Those that lie in runs are found in the same way, and brought back first.
 */
final class SessionWindows implements Kept, SessionFiring.Owner {
    private static final int ASIDE = -1;

    private final AggregationPlan plan;
    private final long gap;
    private final long lateness;
    private final long early;
    private final Results results;
    private final SessionRoom room;
    private final SessionFiles files;
    /** Of the files, until they change. */
    private Sessions state;

    private SessionTable sessions;
    private Slots aggregates;
    private DueBuckets buckets;
    /** Sessions that were given out, or should have been, before this batch changed them. */
    private final IntList corrected = new IntList();

    private int[] keys = new int[0];
    private int[] slots = new int[0];

    SessionWindows(AggregationPlan plan, long gap, Results results, Piles piles) {
        this.plan = plan;
        this.gap = gap;
        this.lateness = plan.definition().latenessMicros();
        this.early = plan.definition().earlyMicros();
        this.room = new SessionRoom(results.allocator());
        this.files = new SessionFiles(piles, plan.shape(), new SessionTime(gap, lateness));
        this.state = files.live();
        this.sessions = state.table();
        this.aggregates = state.aggregates();
        this.buckets = state.buckets();
        this.results = results;
    }

    /** Takes what is live now. */
    private void refresh() {
        state = files.live();
        sessions = state.table();
        aggregates = state.aggregates();
        buckets = state.buckets();
    }

    /** Sessions have changed, and none is about to be given out. */
    private void changed() {
        files.changed();
        room.check();
        refresh();
    }

    @Override
    public void add(Batch batch, BatchInput input, long watermark, Aside aside, Outbox out) {
        int rows = batch.rowCount();
        if (keys.length < rows) {
            keys = new int[rows];
            slots = new int[rows];
        }
        refresh();
        state.assign(input.keys(batch), rows, keys);
        if (!files.isPlain()) {
            completeLate(input.times(), rows, watermark);
        }
        int asides = assign(input.times(), rows, watermark, aside);
        state.mergeMoved(slots, rows);
        if (asides == 0) {
            aggregate(batch, input);
        } else if (asides < rows) {
            aggregateRest(batch, input);
        }
        if (corrected.size() == 0 || !correct(watermark, out)) {
            changed();
        }
    }

    /** Brings together what the keys of late rows have. */
    private void completeLate(long[] times, int rows, long watermark) {
        IntList late = new IntList();
        for (int i = 0; i < rows; i++) {
            if (times[i] < watermark && files.isPartial(keys[i])) {
                late.add(keys[i]);
            }
        }
        complete(late);
    }

    @Override
    public void complete(IntList incomplete) {
        if (incomplete.size() > 0) {
            GroupTable some = GroupTable.of(plan.shape().keys(), 0);
            int count = incomplete.size();
            some.assign(state.keys(), incomplete.items(), 0, count, new int[count]);
            files.complete(some);
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
        int found = state.overlapping(key, time, time);
        if (found == SessionTable.NONE) {
            if (time + gap + lateness <= watermark) {
                return ASIDE;
            }
            found = sessions.open(key, time);
            if (time + gap <= watermark) {
                corrected.add(found);
            } else {
                state.schedule(found);
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

    /** Gives out anew what late rows have changed, unless they made a session incomplete again; whether there is any. */
    private boolean correct(long watermark, Outbox out) {
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
            out.emitAll(new SessionFiring(this, true, late));
        }
        return late.size() > 0;
    }

    @Override
    public void advance(long before, long now, Outbox out) {
        refresh();
        if (files.isPlain()) {
            IntList complete = new IntList();
            IntList expired = new IntList();
            look(now, complete, expired);
            if (complete.size() + expired.size() > 0) {
                SessionFiring firing = new SessionFiring(this, false, complete);
                firing.forget(expired);
                out.emitAll(firing);
            }
            files.advanced(now);
        } else {
            out.emitAll(new Completing(now));
        }
        if (early > 0 && now < Long.MAX_VALUE && Math.floorDiv(before, early) < Math.floorDiv(now, early)) {
            out.emitAll(new Unfinished());
        }
    }

    /** Looks after the sessions for which something is due. */
    private void look(long now, IntList complete, IntList expired) {
        IntList due = buckets.take(now);
        IntList later = new IntList();
        for (int i = 0; i < due.size(); i++) {
            look(due.get(i), now, complete, expired, later);
        }
        for (int i = 0; i < later.size(); i++) {
            state.schedule(later.get(i));
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

    @Override
    public void done(IntList forgotten) {
        for (int i = 0; i < forgotten.size(); i++) {
            state.close(forgotten.get(i));
        }
        if (forgotten.size() > 0) {
            state.forgetKeys();
        }
        changed();
    }

    /** What is complete by then, and what is to be forgotten. */
    private final class Completing extends SessionGathering {
        private final long now;

        Completing(long now) {
            super(SessionWindows.this, files, plan.shape().keys());
            this.now = now;
        }

        @Override
        IntList own() {
            IntList due = buckets.take(now);
            IntList partial = new IntList();
            for (int i = 0; i < due.size(); i++) {
                int slot = due.get(i);
                // It is found again at once.
                state.schedule(slot);
                if (files.isPartial(sessions.key[slot])) {
                    partial.add(sessions.key[slot]);
                }
            }
            return partial;
        }

        @Override
        int[] wanted(SessionRun of) {
            return files.due(of, now);
        }

        @Override
        void found() {
            IntList complete = new IntList();
            IntList expired = new IntList();
            look(now, complete, expired);
            give(complete);
            forget(expired);
        }

        @Override
        void end() {
            files.advanced(now);
        }
    }

    /** What sessions have that are not complete and have changed. */
    private final class Unfinished extends SessionGathering {
        Unfinished() {
            super(SessionWindows.this, files, plan.shape().keys());
        }

        @Override
        IntList own() {
            IntList partial = new IntList();
            for (int slot = 0; slot < sessions.bound() && !files.isPlain(); slot++) {
                if (sessions.isOpen(slot) && sessions.changed[slot] && files.isPartial(sessions.key[slot])) {
                    partial.add(sessions.key[slot]);
                }
            }
            return partial;
        }

        @Override
        int[] wanted(SessionRun of) {
            return files.changed(of);
        }

        @Override
        void found() {
            give(unfinished());
        }

        @Override
        void end() {
            files.advanced(Long.MIN_VALUE);
        }
    }

    @Override
    public Batch batch(int[] picks, int from, int count, boolean late) {
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
    public void addPiles(List<RunOwner> to) {
        to.add(files);
    }

    @Override
    public void save(List<Batch> tables) {
        files.save(tables);
    }

    @Override
    public List<Run> load(Batch batch, long watermark) {
        Run run = files.load(batch, watermark);
        room.check();
        return run == null ? List.of() : List.of(run);
    }
}
