package io.solstice.master.lease;

import io.solstice.common.error.SolsticeError;
import org.jspecify.annotations.Nullable;

/** What a {@link Lease} is told. Each request among its actions is answered by one event, however late. */
public sealed interface LeaseEvent {
    /** Time passes. */
    record Tick() implements LeaseEvent {}

    /** The process is to end; if it led, it has ceased to. */
    record StopAsked() implements LeaseEvent {}

    /**
     * Answers {@link LeaseAction.Look}.
     *
     * @param term the newest; null if there never was one
     * @param beat the newest in that term, or 0
     * @param holderIsDead whether the leader's process has certainly ended
     */
    record Seen(@Nullable LeaseTerm term, long beat, boolean holderIsDead) implements LeaseEvent {}

    /** Answers {@link LeaseAction.Claim}. */
    record Claimed(boolean won) implements LeaseEvent {}

    /** Answers {@link LeaseAction.Beat}. @param later the newest term, if it is not the one that the beat is of */
    record Beaten(@Nullable LeaseTerm later) implements LeaseEvent {}

    /** Answers {@link LeaseAction.Release}. */
    record Released() implements LeaseEvent {}

    /** Answers any request: nobody knows whether it was carried out. */
    record Failed(SolsticeError why) implements LeaseEvent {}
}
