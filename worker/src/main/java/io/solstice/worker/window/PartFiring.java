package io.solstice.worker.window;

import io.solstice.exchange.batch.Batch;
import io.solstice.worker.aggregate.Tally;
import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Results that are summed up part by part, each when downstream has taken those before. */
abstract class PartFiring implements Iterator<Batch> {
    private Iterator<Batch> batches = Collections.emptyIterator();
    private @Nullable Tally given;
    private int bits = -1;
    private int part;

    /** In how many parts, as a power of two. */
    abstract int bits();

    abstract Tally sum(int ofPart, int ofBits);

    /** The results of a sum, made one by one. */
    abstract Iterator<Batch> batches(Tally sum);

    /** A sum is not needed any more. */
    abstract void done(Tally sum);

    /** All has been given out. May be called several times. */
    abstract void end();

    @Override
    public boolean hasNext() {
        bits = bits < 0 ? bits() : bits;
        while (!batches.hasNext()) {
            Tally last = given;
            if (last != null) {
                given = null;
                batches = Collections.emptyIterator();
                done(last);
            }
            if (part == 1 << bits) {
                end();
                return false;
            }
            Tally sum = sum(part++, bits);
            given = sum;
            batches = batches(sum);
        }
        return true;
    }

    @Override
    public Batch next() {
        return batches.next();
    }
}
