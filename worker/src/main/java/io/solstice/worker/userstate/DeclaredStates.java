package io.solstice.worker.userstate;

import io.solstice.api.state.KeyedOperator;
import io.solstice.common.loop.Clock;
import io.solstice.exchange.batch.Batch;
import io.solstice.worker.store.StoreFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The states that an operator names, against those that tables of a checkpoint have. */
public final class DeclaredStates {
    private final List<Slot> slots;
    private final KeyedStateTables tables;
    private final Set<String> found = new TreeSet<>();

    private DeclaredStates(List<Slot> slots) {
        this.slots = slots;
        this.tables = new KeyedStateTables(slots, Clock.SYSTEM);
    }

    /** Asks the operator, which is neither opened nor used. */
    public static DeclaredStates of(KeyedOperator operator) throws Exception {
        try (KeyedStates states = new KeyedStates(Clock.SYSTEM)) {
            operator.declare(states);
            return new DeclaredStates(List.copyOf(states.slots()));
        }
    }

    /** Refuses a table as a restore would. */
    public void compare(Batch table) {
        if (StoreFiles.of(table) != null) {
            byte[] meaning = StoreFiles.meaning(table);
            if (meaning != null) {
                found.addAll(StoredStates.compare(meaning, slots, "the operator"));
            }
            return;
        }
        SavedStates saved = tables.read(table);
        for (SavedStates.Column column : saved.columns()) {
            if (column != null) {
                found.add(column.slot().name());
            }
        }
    }

    /** What becomes of each state, after the tables have been compared. */
    public List<String> inWords() {
        List<String> words = new ArrayList<>();
        for (Slot slot : slots) {
            String type = slot.kind().name().toLowerCase(Locale.ROOT) + " of "
                    + slot.type().getSimpleName();
            words.add("state '" + slot.name() + "' (" + type + ") "
                    + (found.contains(slot.name()) ? "goes on" : "begins empty"));
        }
        return words;
    }
}
