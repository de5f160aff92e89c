package io.solstice.master.checkpoint;

import io.solstice.common.id.JobId;
import io.solstice.common.store.NumberedObjects;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The entries of one job's log, of which the old ones go. They go in parts of the same length, from the first on: a part
 * is closed by an object of its own, {@code {job}/closed/{part}}, which stays, and only then its entries are deleted, in
 * any order and by anybody, also again.
 *
 * <p>That makes holes, in which one who has been overtaken long ago could create what was there before. So whoever has
 * created an entry then looks whether its part is closed: it was before there was a hole, and so it is seen, and the entry
 * does not count. In the same way, one who looks for the newest entry and finds none at a number then looks whether that
 * number's part is closed. Nobody asks for what is in a closed part, so what is created there harms nobody, and goes with
 * the rest.
 */
final class LogEntries {
    private static final int LIMIT_BYTES = 64 << 10;
    /** More than are added meanwhile, each with a mark. */
    private static final int OBJECTS_FOR_AN_ENTRY = 3;

    private static final byte[] CLOSED = "closed".getBytes(StandardCharsets.UTF_8);

    private final ObjectStore store;
    private final String folder;
    private final Pattern keys;
    private final NumberedObjects entries;
    private final NumberedObjects closed;
    private final LogParts parts;

    LogEntries(ObjectStore store, JobId job, LogParts parts) {
        this.store = store;
        this.parts = parts;
        this.folder = job + "/log/";
        this.keys = Pattern.compile(Pattern.quote(folder) + "(\\d{12})\\.(json|committed)");
        this.entries = new NumberedObjects(store, number -> "%s%012d.json".formatted(folder, number));
        this.closed = new NumberedObjects(store, part -> "%s/closed/%09d".formatted(job, part));
    }

    private long partOf(long number) {
        return (number + parts.length() - 1) / parts.length();
    }

    private boolean isClosed(long number) {
        return store.exists(closed.key(partOf(number)));
    }

    /** The first number that may be asked for; all later ones up to the newest are there. */
    long first() {
        return closed.newest(0) * parts.length() + 1;
    }

    /** The number of the newest entry, or 0. @param known an entry that was certainly there, or 0 */
    long newest(long known) {
        while (true) {
            long first = first();
            long newest = entries.newest(first == 1 ? known : Math.max(first, known));
            if (!isClosed(newest + 1)) {
                return newest;
            }
        }
    }

    LogEntry read(long number) {
        return LogEntry.read(entries.key(number), entries.read(number, LIMIT_BYTES));
    }

    /** @return false if another one is there, or was */
    boolean append(LogEntry entry) {
        if (entries.append(entry.number(), entry.write()).outcome() == Outcome.TAKEN) {
            return false;
        }
        if (isClosed(entry.number())) {
            store.delete(entries.key(entry.number()));
            return false;
        }
        return true;
    }

    String markKey(long number) {
        return "%s%012d.committed".formatted(folder, number);
    }

    /**
     * Closes parts, and deletes some of what is in those that are closed; a few objects now and then.
     *
     * @param newest that is certainly there
     * @param kept whether the checkpoint of an entry is
     */
    void trim(long newest, Predicate<LogEntry> kept) {
        if (newest % parts.length() == 0) {
            close(newest, kept);
        }
        if (newest % parts.pace() == 0) {
            for (String key : store.list(folder, "", OBJECTS_FOR_AN_ENTRY * parts.pace())) {
                OptionalLong number = number(key);
                if (number.isPresent() && !isClosed(number.getAsLong())) {
                    return;
                }
                number.ifPresent(old -> store.delete(key));
            }
        }
    }

    private OptionalLong number(String key) {
        Matcher matcher = keys.matcher(key);
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    private void close(long newest, Predicate<LogEntry> kept) {
        long first = first();
        long number = newest;
        // What is deleted is older than any checkpoint that is kept, since many before have none either.
        for (int missing = 0; number > first && missing < parts.margin(); number--) {
            missing = kept.test(read(number)) ? 0 : missing + 1;
        }
        for (long part = partOf(first); part * parts.length() < number; part++) {
            closed.append(part, CLOSED);
        }
    }
}
