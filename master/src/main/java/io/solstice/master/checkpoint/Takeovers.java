package io.solstice.master.checkpoint;

import io.solstice.common.id.JobId;
import io.solstice.common.protocol.StatePlace;
import io.solstice.common.store.NumberedObjects;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Which masters have taken one submission of a job over, in {@code {job}/takeovers/{submission}-{number}.json}. A master
 * notes itself before it makes an entry of the log, so whoever finds such an entry finds the note, whatever other
 * submissions have added since. They stay, since a master that was replaced may come back at any time.
 */
final class Takeovers {
    private static final int LIMIT_BYTES = 64 << 10;

    private final NumberedObjects notes;
    private final String writer;
    private final String request;

    Takeovers(ObjectStore store, JobId job, String writer, String request) {
        String submission = StatePlace.submission(request);
        this.notes =
                new NumberedObjects(store, number -> "%s/takeovers/%s-%06d.json".formatted(job, submission, number));
        this.writer = writer;
        this.request = request;
    }

    /** The note of the newest master, if any has taken the submission over. */
    @Nullable
    LogEntry newest() {
        long number = notes.newest(0);
        return number == 0 ? null : LogEntry.read(notes.key(number), notes.read(number, LIMIT_BYTES));
    }

    /** The note of a newer master than that of a term. */
    @Nullable
    LogEntry after(long term) {
        LogEntry newest = newest();
        return newest != null && newest.leader() > term ? newest : null;
    }

    /** Notes the master of a term, unless a newer one is noted. */
    void add(long generation, long term) {
        LogEntry newest = newest();
        while (newest == null || newest.leader() < term) {
            long number = newest == null ? 1 : newest.number() + 1;
            LogEntry own = LogEntry.barrier(generation, term, writer, request).again(number, term, writer, request);
            if (notes.append(number, own.write()).outcome() != Outcome.TAKEN) {
                return;
            }
            newest = newest();
        }
    }
}
