package io.solstice.master.lease;

import io.solstice.common.error.SolsticeError;

/** Is told how the lease stands, on the lease's thread; must not block. */
public interface Leadership {
    /** This master leads from now on. */
    void lead();

    /** Another master leads. */
    void follow(Candidate leader);

    /** This master must not lead any more, and never will again. */
    void lost(SolsticeError why);

    /** The lease cannot be looked at; it is tried again. */
    void trouble(SolsticeError why);
}
