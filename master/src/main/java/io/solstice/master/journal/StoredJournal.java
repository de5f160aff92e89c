package io.solstice.master.journal;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.NumberedObjects;
import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in an object store. Each {@link #append} makes one object, numbered one higher than the last; of several
 * masters one gets the number, and the others learn that they were overtaken.
 *
 * <pre>
 * entries/{number}     what was decided; numbered from 1 without gaps
 * summaries/{number}   which of them sums up all before it, which are then deleted
 * </pre>
 *
 * The newest of each are found by asking for single numbers, never by listing. Reading begins with an object of the
 * reader's own, without entries: whoever wrote before would need that number next, so that nothing can be added to what
 * is then read. A number whose object was deleted could be taken again, by a master that slept through it all; so each
 * append also looks whether somebody else has summed up.
 */
public final class StoredJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(StoredJournal.class);
    private static final int BETWEEN_SUMMARIES = 1_000;
    private static final int LARGEST_BYTES = 1 << 30;
    private static final int LISTED = 1_000;

    private final ObjectStore store;
    private final String place;
    private final BooleanSupplier leads;
    private final int betweenSummaries;
    private final NumberedObjects entries;
    private final NumberedObjects summaries;
    private final UUID writer = UUID.randomUUID();
    private final JournaledState sum = new JournaledState();
    /** The newest summary that is known; 0 if there is none. */
    private long summary;

    private long firstNumber = 1;
    private long nextNumber = 1;

    /**
     * @param store stays the caller's
     * @param place what the store is called in messages
     * @param leads whether this master leads; asked by the thread that writes, and may wait
     */
    public StoredJournal(ObjectStore store, String place, BooleanSupplier leads) {
        this(store, place, leads, BETWEEN_SUMMARIES);
    }

    StoredJournal(ObjectStore store, String place, BooleanSupplier leads, int betweenSummaries) {
        this.store = store;
        this.place = place;
        this.leads = leads;
        this.betweenSummaries = betweenSummaries;
        this.entries = new NumberedObjects(store, "entries/%019d"::formatted);
        this.summaries = new NumberedObjects(store, "summaries/%019d"::formatted);
    }

    @Override
    public List<JournalEntry> read() {
        while (true) {
            summary = summaries.newest(summary);
            firstNumber = summary == 0 ? 1 : summedUpAt(summary);
            try {
                fence();
                List<JournalEntry> live = readAll();
                // what was read may have been deleted meanwhile, by whoever summed it up
                if (!isSummedUp()) {
                    live.forEach(sum::apply);
                    return live;
                }
            } catch (SolsticeException missing) {
                if (missing.code() != ErrorCode.JOURNAL_DAMAGED || !isSummedUp()) {
                    throw missing;
                }
            }
        }
    }

    /** Whether there is a summary that this object knows nothing of. */
    private boolean isSummedUp() {
        return store.exists(summaries.key(summary + 1));
    }

    private long summedUpAt(long number) {
        return JournalObject.readSummary(summaries.key(number), summaries.read(number, LARGEST_BYTES));
    }

    /** Takes the number after the newest, without entries. */
    private void fence() {
        long newest = summary == 0 ? 0 : firstNumber;
        do {
            newest = entries.newest(newest);
            refuseGap(newest);
            nextNumber = newest + 1;
        } while (create(List.of()) == Outcome.TAKEN);
        nextNumber++;
    }

    /** The listing is not needed to find the newest, but it may know of one that is missing. */
    private void refuseGap(long newest) {
        boolean more = !store.list("entries/", newest == 0 ? "" : entries.key(newest), 1)
                .isEmpty();
        if (more && !store.exists(entries.key(newest + 1))) {
            throw JournalObject.damaged(entries.key(newest + 1), "the object is missing, but later ones are there");
        }
    }

    private List<JournalEntry> readAll() {
        List<JournalEntry> all = new ArrayList<>();
        for (long number = firstNumber; number < nextNumber; number++) {
            all.addAll(JournalObject.readEntries(entries.key(number), number, bytes(number)));
        }
        int start = 0;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) instanceof JournalEntry.Summary) {
                start = i;
            }
        }
        if (summary > 0 && (all.isEmpty() || !(all.get(start) instanceof JournalEntry.Summary))) {
            throw JournalObject.damaged(entries.key(firstNumber), "the journal begins here, but nothing is summed up");
        }
        return List.copyOf(all.subList(start, all.size()));
    }

    private byte[] bytes(long number) {
        try {
            return entries.read(number, LARGEST_BYTES);
        } catch (SolsticeException failure) {
            throw failure.code() == ErrorCode.OBJECT_MISSING
                    ? JournalObject.damaged(entries.key(number), "the object is missing, but later ones are there")
                    : failure;
        }
    }

    @Override
    public void append(List<JournalEntry> decided) {
        try {
            publish(decided);
            decided.forEach(sum::apply);
            if (nextNumber - firstNumber > betweenSummaries) {
                sumUp(decided.get(decided.size() - 1).millis());
            }
        } catch (SolsticeException failure) {
            if (failure.code() == ErrorCode.JOURNAL_FAILED) {
                throw failure;
            }
            throw ErrorCode.JOURNAL_FAILED
                    .error("the journal in " + place + " could not be written")
                    .cause(failure.error().what()
                            + Optional.of(failure.error().cause())
                                    .filter(cause -> !cause.isEmpty())
                                    .map(cause -> ": " + cause)
                                    .orElse(""))
                    .help("mend the disk or the store and start the master again")
                    .toException(failure);
        }
    }

    private void publish(List<JournalEntry> decided) {
        if (create(decided) == Outcome.TAKEN || isSummedUp()) {
            throw ErrorCode.JOURNAL_FAILED
                    .error("another master writes the journal in " + place)
                    .cause(entries.key(nextNumber) + " is another master's")
                    .help("it leads now; this one can be started again as its standby")
                    .toException();
        }
        nextNumber++;
    }

    private Outcome create(List<JournalEntry> decided) {
        return entries.append(nextNumber, JournalObject.entries(nextNumber, writer, decided))
                .outcome();
    }

    private void sumUp(long millis) {
        long number = nextNumber;
        publish(List.of(sum.summary(millis)));
        // A master that was overtaken just now may have been about to point at its own, older summary.
        while (summaries.append(summary + 1, JournalObject.summary(number)).outcome() == Outcome.TAKEN) {
            if (summedUpAt(summary + 1) > number) {
                throw ErrorCode.JOURNAL_FAILED
                        .error("another master has summed up the journal in " + place)
                        .help("it leads now; this one can be started again as its standby")
                        .toException();
            }
            summary++;
        }
        summary++;
        firstNumber = number;
        deleteBefore(number);
    }

    /** In rising order; what is left by a failure goes the next time. */
    private void deleteBefore(long number) {
        String end = entries.key(number);
        try {
            List<String> old = List.of("");
            while (!old.isEmpty()) {
                old = store.list("entries/", "", LISTED).stream()
                        .filter(key -> key.compareTo(end) < 0)
                        .toList();
                old.forEach(store::delete);
            }
        } catch (SolsticeException later) {
            LOG.warn("old entries of the journal stay until it is summed up again: {}", later.toString());
        }
    }

    @Override
    public boolean isOurs() {
        return leads.getAsBoolean();
    }

    @Override
    public void close() {
        // the store is the caller's
    }
}
