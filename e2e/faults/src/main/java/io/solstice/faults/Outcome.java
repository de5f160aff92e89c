package io.solstice.faults;

import io.solstice.faults.check.Account;
import java.nio.file.Path;
import java.util.List;

/**
 * A run and what became of it.
 *
 * @param generated rows
 * @param accounted rows that were read from both outputs
 * @param checkpoints that were completed
 * @param footprints of processes, a line for each
 * @param vacuous why the run proves nothing; empty if it does
 */
record Outcome(
        long seed,
        double seconds,
        Schedule schedule,
        List<Incident> incidents,
        Account account,
        long generated,
        long accounted,
        long checkpoints,
        List<String> footprints,
        List<String> vacuous,
        List<String> log,
        Path folder) {
    /** What is said of it. */
    enum Verdict {
        HELD,
        VOID,
        BROKEN
    }

    Outcome {
        incidents = List.copyOf(incidents);
        footprints = List.copyOf(footprints);
        vacuous = List.copyOf(vacuous);
        log = List.copyOf(log);
    }

    Verdict verdict() {
        if (!account.isClean()) {
            return Verdict.BROKEN;
        }
        return vacuous.isEmpty() ? Verdict.HELD : Verdict.VOID;
    }
}
