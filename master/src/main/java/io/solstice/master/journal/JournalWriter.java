package io.solstice.master.journal;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedTransferQueue;
import java.util.function.Consumer;

/**
 * Writes decisions and then acts on them, in order, on a thread of its own, so that deciding never waits for a disk.
 * What piled up while one write was under way is written together by the next. After a write that failed nothing more is
 * acted on, nor when this master has ceased to lead.
 */
public final class JournalWriter implements AutoCloseable {
    private static final Batch STOP = new Batch(List.of(), () -> {});

    private final LinkedTransferQueue<Batch> batches = new LinkedTransferQueue<>();
    private final Journal journal;
    private final Consumer<SolsticeException> onFailure;
    private final Thread thread;

    private record Batch(List<JournalEntry> entries, Runnable then) {}

    /** @param onFailure told, on the writing thread, that the journal cannot be written; comes at most once */
    public JournalWriter(Journal journal, Consumer<SolsticeException> onFailure) {
        this.journal = journal;
        this.onFailure = onFailure;
        this.thread = new Thread(this::run, "master-journal");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** Called by any thread. @param then runs on the writing thread once the entries have been written for good */
    public void write(List<JournalEntry> entries, Runnable then) {
        batches.add(new Batch(entries, then));
    }

    private void run() {
        List<Batch> taken = new ArrayList<>();
        boolean open = true;
        while (open) {
            taken.clear();
            open = take(taken);
            try {
                List<JournalEntry> entries = taken.stream()
                        .flatMap(batch -> batch.entries().stream())
                        .toList();
                if (!entries.isEmpty()) {
                    journal.append(entries);
                }
                if (!journal.isOurs()) {
                    throw ErrorCode.JOURNAL_FAILED
                            .error("the lease is over, so what was decided is not done")
                            .help("another master leads, or will; this one can be started again as its standby")
                            .toException();
                }
            } catch (RuntimeException | Error failure) {
                onFailure.accept(SolsticeException.of(failure));
                return;
            }
            taken.forEach(batch -> batch.then().run());
        }
    }

    /** @return whether more may follow */
    private boolean take(List<Batch> taken) {
        while (true) {
            try {
                taken.add(batches.take());
                batches.drainTo(taken);
                return !taken.contains(STOP);
            } catch (InterruptedException leftBehind) {
                // only STOP ends the thread
            }
        }
    }

    /** Writes and acts on what is queued, then ends. */
    @Override
    public void close() {
        batches.add(STOP);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        journal.close();
    }
}
