package io.solstice.master.lease;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.NumberedObjects;
import io.solstice.common.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lease in an object store, beside the journal. Blocks; used by one thread. */
public final class LeaseStore {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseStore.class);
    private static final String BEATS = "lease/beats/";
    private static final int LARGEST_BYTES = 64 << 10;
    private static final int LISTED = 1_000;

    private final ObjectStore store;
    private final MachineLock lock;
    private final Candidate self;
    private final NumberedObjects terms;
    private @Nullable LeaseTerm newest;
    private Runnable toTidy = () -> {};

    /**
     * @param lock held while this process leads
     * @param self without regard to the lock
     */
    public LeaseStore(ObjectStore store, MachineLock lock, Candidate self) {
        this.store = store;
        this.lock = lock;
        this.self = self;
        this.terms = new NumberedObjects(store, "lease/terms/%019d"::formatted);
    }

    private Beats beats(long term) {
        return new Beats(store, number -> beatsOf(term) + "%019d".formatted(number));
    }

    private static String beatsOf(long term) {
        return BEATS + "%019d/".formatted(term);
    }

    LeaseEvent carryOut(LeaseAction.Request request) {
        if (request instanceof LeaseAction.Look look) {
            return look(look);
        }
        if (request instanceof LeaseAction.Claim claim) {
            return claim(claim.term());
        }
        if (request instanceof LeaseAction.Beat beat) {
            return beat(beat);
        }
        return release(((LeaseAction.Release) request).term());
    }

    private LeaseEvent look(LeaseAction.Look look) {
        LeaseTerm term = newestTerm(look.term());
        if (term == null || term.holder().isEmpty()) {
            return new LeaseEvent.Seen(term, 0, false);
        }
        Beats beats = beats(term.number());
        boolean followed = !look.thorough() && look.beat() > 0 && look.term() == term.number();
        long beat = followed ? beats.following(look.beat()) : beats.newest();
        return new LeaseEvent.Seen(term, beat, lock.provesTheEndOf(term.holder().get()));
    }

    private @Nullable LeaseTerm newestTerm(long known) {
        long number = terms.newest(known);
        if (number > 0 && (newest == null || newest.number() != number)) {
            newest = LeaseTerm.read(terms.key(number), number, terms.read(number, LARGEST_BYTES));
        }
        return number == 0 ? null : newest;
    }

    private LeaseEvent claim(long number) {
        boolean locked = lock.take();
        Candidate holder = new Candidate(self.id(), self.endpoint(), self.machine(), locked);
        LeaseTerm own = new LeaseTerm(number, Optional.of(holder));
        boolean won = terms.append(number, own.write()).stored();
        if (!won) {
            lock.release();
        }
        return new LeaseEvent.Claimed(won);
    }

    private LeaseEvent beat(LeaseAction.Beat beat) {
        Beats beats = beats(beat.term());
        beats.create(beat.number(), self.id().getBytes(StandardCharsets.UTF_8));
        if (store.exists(terms.key(beat.term() + 1))) {
            return new LeaseEvent.Beaten(newestTerm(beat.term() + 1));
        }
        toTidy = () -> thin(beat, beats);
        return new LeaseEvent.Beaten(null);
    }

    /** Deletes what is not needed any more; apart, so that no answer waits for it. */
    void tidyUp() {
        toTidy.run();
        toTidy = () -> {};
    }

    /** What is left by a failure only takes room. */
    private void thin(LeaseAction.Beat beat, Beats beats) {
        try {
            beats.thin(beat.number());
            if (beat.number() == 1) {
                List<String> earlier = store.list(BEATS, "", LISTED).stream()
                        .filter(key -> key.compareTo(beatsOf(beat.term())) < 0)
                        .toList();
                earlier.forEach(store::delete);
            }
        } catch (SolsticeException left) {
            LOG.debug("old beats of the lease stay", left);
        }
    }

    private LeaseEvent release(long term) {
        terms.append(term, new LeaseTerm(term, Optional.empty()).write());
        lock.release();
        return new LeaseEvent.Released();
    }
}
