package io.solstice.simulation;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.RunId;
import io.solstice.master.journal.JournalEntry;
import io.solstice.master.journal.JournaledState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The store that all masters of a simulation write to, one after the other: an entry's place can be taken once. */
final class SharedJournal {
    private final List<JournalEntry> entries = new ArrayList<>();
    private final JournaledState sum = new JournaledState();
    private final Map<RunId, Long> moves = new HashMap<>();
    private final boolean conditional;

    SharedJournal(boolean conditional) {
        this.conditional = conditional;
    }

    List<JournalEntry> read() {
        return List.copyOf(entries);
    }

    int size() {
        return entries.size();
    }

    /** @return false if somebody else has written there */
    boolean append(int place, List<JournalEntry> more) {
        if (conditional && place != entries.size()) {
            return false;
        }
        Invariant.I1.holds(
                place == entries.size(),
                () -> "place " + place + " of the journal is written again, where it has " + entries.size());
        entries.addAll(more);
        more.forEach(this::apply);
        return true;
    }

    private void apply(JournalEntry entry) {
        try {
            // Refuses moves that are not legal, and any move of a job that has ended.
            sum.apply(entry);
        } catch (SolsticeException refused) {
            throw (entry instanceof JournalEntry.JobMoved ? Invariant.I10 : Invariant.I9)
                    .broken(refused.error().toString());
        }
        if (entry instanceof JournalEntry.JobMoved moved) {
            moves.put(moved.run(), moved.millis());
        }
    }

    /** When a job made its last move. */
    long lastMove(RunId run) {
        return moves.getOrDefault(run, 0L);
    }

    JournaledState sum() {
        return sum;
    }

    void checkReplay() {
        Invariant.I9.holds(JournaledState.replay(entries).equals(sum), () -> "the journal does not give back its sum");
    }
}
