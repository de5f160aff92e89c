package io.solstice.simulation;

import java.util.function.Supplier;

/**
 * What holds whatever goes wrong: I1 to I12 after every event, the others once the troubles are over. Of timers, I6 will
 * hold when there are some.
 */
enum Invariant {
    I1("one master leads at a time, and nothing that an older one decides is accepted any more"),
    I2("the checkpoints of a job have rising numbers, and one that is canonical stays what it is"),
    I3("output is published of checkpoints alone that are canonical, with all that they name in the store"),
    I4("every row is published once: none twice, and none is missing when its job has finished"),
    I5("within a generation a task is started once in each attempt, and a split is given to one task"),
    I6("a generation begins with the newest published checkpoint, and reads what is not part of it, from there on"),
    I7(
            "what a kept checkpoint names, or one that may still count, is not deleted, and nothing else is left in the end"),
    I8("no more is reserved than is offered, and no worker holds anything of a job that has ended"),
    I9("what a master remembers, and what it has told, is what its journal gives back"),
    I10("a job makes legal moves alone, and none after its end"),
    I11("one request has one effect, however often it arrives"),
    I12("event time never goes back in a split, also when another generation goes on with it"),
    RUNS_ON("no job that runs begins again because its master is lost"),
    LIVE("after all troubles every job runs, publishes checkpoints and ends"),
    LIVE_WITH_FEW(
            "the same when one master, some workers and the store are well, and all else stays as broken as it is");

    private final String promise;

    Invariant(String promise) {
        this.promise = promise;
    }

    /** @param otherwise what has been seen if it does not hold */
    void holds(boolean condition, Supplier<String> otherwise) {
        if (!condition) {
            throw broken(otherwise.get());
        }
    }

    Broken broken(String seen) {
        return new Broken(this, seen);
    }

    /** An invariant does not hold. */
    static final class Broken extends AssertionError {
        private static final long serialVersionUID = 1;

        private final Invariant invariant;

        private Broken(Invariant invariant, String message) {
            super(message);
            this.invariant = invariant;
        }

        Invariant invariant() {
            return invariant;
        }

        /** The same, with where it was met. */
        Broken at(long event, long seed) {
            Broken whole = new Broken(
                    invariant,
                    invariant + " broken at event " + event + " of seed " + seed + ": " + getMessage() + " ("
                            + invariant.promise + ")");
            whole.setStackTrace(getStackTrace());
            return whole;
        }
    }
}
