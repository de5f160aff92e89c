package io.solstice.worker.window;

import io.solstice.exchange.batch.Batch;
import java.util.Iterator;

/** Gives out sessions as downstream takes them, then forgets those that are not needed any more. */
class SessionFiring implements Iterator<Batch> {
    private final Owner owner;
    private final boolean late;
    private IntList given;
    private IntList forget = new IntList();
    private int at;

    /** Who has the sessions. */
    interface Owner {
        /** The results of sessions. */
        Batch batch(int[] slots, int from, int count, boolean late);

        /** What was given out has been taken, and some sessions are to be forgotten. */
        void done(IntList forgotten);

        /** Brings together all that some keys of the table have. */
        void complete(IntList keys);
    }

    SessionFiring(Owner owner, boolean late, IntList given) {
        this.owner = owner;
        this.late = late;
        this.given = given;
    }

    void give(IntList more) {
        given = more;
        at = 0;
    }

    void forget(IntList more) {
        forget = more;
    }

    Owner owner() {
        return owner;
    }

    /** Looks for more when nothing is left. Returns false when there is no more; may be called again then. */
    boolean step() {
        return false;
    }

    @Override
    public boolean hasNext() {
        boolean more = true;
        while (at == given.size() && more) {
            if (given.size() + forget.size() > 0) {
                IntList forgotten = forget;
                forget(new IntList());
                give(new IntList());
                owner.done(forgotten);
            }
            more = step();
        }
        return at < given.size();
    }

    @Override
    public Batch next() {
        int from = at;
        int count = Math.min(Results.ROWS, given.size() - from);
        at += count;
        return owner.batch(given.items(), from, count, late);
    }
}
