package io.solstice.simulation;

/** What must be met now and then, lest the simulation shows less than it seems to. */
enum Sight {
    /** A job that is live when it is looked at after the troubles. */
    LIVE_JOB,
    /** A generation that outlives its master. */
    OUTLIVES_A_MASTER,
    /** Some tasks of a job begin again, and others go on. */
    SOME_BEGIN_AGAIN,
    /** A checkpoint names a state that was written for an earlier one. */
    STATE_IS_NAMED_AGAIN,
    /** A process that ends in the midst of what it does at the store. */
    CUT_OFF_AT_THE_STORE,
    /** A job goes over what it left unfinished. */
    SWEEP,
    /** A job that ended goes on under another request. */
    GOES_ON,
    /** Output is published again when a job begins again. */
    RECOVERY,
    /** Something of a run that is no longer the newest is written. */
    ZOMBIE_WRITES,
    /** Old entries of a log are given up. */
    LOG_GROWS_SHORTER,
    /** Only a few are well after the troubles. */
    FEW_ARE_WELL
}
