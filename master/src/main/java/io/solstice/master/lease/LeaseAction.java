package io.solstice.master.lease;

import io.solstice.common.error.SolsticeError;
import org.jspecify.annotations.Nullable;

/** What a {@link Lease} wants done: requests of the store, of which there is one at a time, and news. */
public sealed interface LeaseAction {
    /** To be answered by an event. */
    sealed interface Request extends LeaseAction {}

    /**
     * Find the newest term and beat.
     *
     * @param term one that is there, or 0
     * @param beat one of that term that was there, or 0
     * @param thorough do not trust that the beats after that one are still there
     */
    record Look(long term, long beat, boolean thorough) implements Request {}

    /** Create this term as one's own. */
    record Claim(long term) implements Request {}

    /** Show that the leader of this term is alive, and look whether there is a later term. */
    record Beat(long term, long number) implements Request {}

    /** Create this term as nobody's. */
    record Release(long term) implements Request {}

    /** This master leads for the first time. */
    record Lead(long term) implements LeaseAction {}

    /** Another master leads. */
    record Follow(Candidate leader) implements LeaseAction {}

    /** A request failed, and will be made again. */
    record Trouble(SolsticeError why) implements LeaseAction {}

    /** Nothing follows. @param why this master must not lead any more; null if it was asked to end */
    record End(@Nullable SolsticeError why) implements LeaseAction {}
}
