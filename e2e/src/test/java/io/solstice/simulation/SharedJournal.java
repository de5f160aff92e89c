package io.solstice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.master.journal.JournalEntry;
import io.solstice.master.journal.JournaledState;
import java.util.ArrayList;
import java.util.List;

/** The store that all masters of a simulation write to, one after the other: an entry's place can be taken once. */
final class SharedJournal {
    private final List<JournalEntry> entries = new ArrayList<>();
    private final JournaledState sum = new JournaledState();
    private final boolean conditional;

    SharedJournal(boolean conditional) {
        this.conditional = conditional;
    }

    List<JournalEntry> read() {
        return List.copyOf(entries);
    }

    /** @return false if somebody else has written there */
    boolean append(int place, List<JournalEntry> more) {
        if (conditional && place != entries.size()) {
            return false;
        }
        entries.addAll(more);
        // Refuses moves that are not legal, and any move of a job that has ended.
        more.forEach(sum::apply);
        return true;
    }

    JournaledState sum() {
        return sum;
    }

    void checkReplay() {
        assertThat(JournaledState.replay(entries))
                .as("the journal gives back its sum")
                .isEqualTo(sum);
    }
}
