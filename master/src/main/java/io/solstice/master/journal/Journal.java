package io.solstice.master.journal;

import java.util.List;

/** Where a master's decisions are kept. Used by one thread. */
public interface Journal extends AutoCloseable {
    /** Forgets everything; for an engine that lives no longer than its process. */
    Journal NONE = new Journal() {
        @Override
        public List<JournalEntry> read() {
            return List.of();
        }

        @Override
        public void append(List<JournalEntry> entries) {}

        @Override
        public void close() {}
    };

    /**
     * All entries that still matter, oldest first; called once, before anything is appended. From then on nobody else
     * can append.
     */
    List<JournalEntry> read();

    /**
     * Adds entries, all or none of them. When it returns they have been written for good; when it throws, nobody knows,
     * and the caller must not decide anything more.
     */
    void append(List<JournalEntry> entries);

    /** Whether what was decided may still be acted on; waits while that cannot be told. */
    default boolean isOurs() {
        return true;
    }

    @Override
    void close();
}
