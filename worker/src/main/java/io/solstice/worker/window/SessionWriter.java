package io.solstice.worker.window;

import io.solstice.exchange.batch.Batch;
import io.solstice.worker.aggregate.TallyShape;
import io.solstice.worker.keyed.GroupTable;
import io.solstice.worker.pile.Piles;
import io.solstice.worker.pile.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;

/** Makes runs of sessions. Used by the task's thread. */
final class SessionWriter {
    private final Piles piles;
    private final TallyShape shape;
    private final SessionTime time;

    SessionWriter(Piles piles, TallyShape shape, SessionTime time) {
        this.piles = piles;
        this.shape = shape;
        this.time = time;
    }

    /** Sessions as runs of which none is large, and in which no key is torn apart. */
    List<SessionRun> write(Sessions sessions, IntList open, boolean whole, int ofGeneration) {
        List<SessionRun> written = new ArrayList<>();
        int size = open.size();
        if (size == 0) {
            return written;
        }
        GroupTable keys = sessions.keys();
        long[] order = new long[size];
        for (int i = 0; i < size; i++) {
            int hash = keys.hash(sessions.table().key[open.get(i)]) ^ Integer.MIN_VALUE;
            order[i] = (long) hash << Integer.SIZE | open.get(i);
        }
        Arrays.sort(order);
        long rowBytes = Math.max(16, sessions.heapBytes() / size / 2);
        int most = (int) Math.max(1, Math.min(piles.sizes().runRows(), piles.runBytes() / rowBytes));
        try {
            for (int from = 0; from < size; ) {
                int to = Math.min(size, from + most);
                while (to < size && order[to] >> Integer.SIZE == order[to - 1] >> Integer.SIZE) {
                    to++;
                }
                SessionRun run = written(sessions, order, from, to, whole, ofGeneration);
                written.add(run);
                piles.added(run.run());
                from = to;
            }
            return written;
        } catch (RuntimeException | Error failure) {
            written.forEach(run -> piles.drop(run.run()));
            throw failure;
        }
    }

    private SessionRun written(Sessions sessions, long[] order, int from, int to, boolean whole, int ofGeneration) {
        int[] picks = new int[to - from];
        int[] hashes = new int[picks.length];
        for (int i = 0; i < picks.length; i++) {
            picks[i] = (int) order[from + i];
            hashes[i] = (int) (order[from + i] >> Integer.SIZE) ^ Integer.MIN_VALUE;
        }
        List<Batch> tables = new ArrayList<>();
        StateTables saved = new StateTables(tables, piles.memory());
        try {
            sessions.save(picks, 0, picks.length, whole, saved, piles.memory());
            saved.end();
        } finally {
            saved.drop();
        }
        try (Batch table = tables.get(0)) {
            Batch marked = table.renamed(new Schema(table.schema().getFields(), Run.MARK));
            return new SessionRun(piles, ofGeneration, marked, shape.keys().size(), hashes, time);
        }
    }
}
