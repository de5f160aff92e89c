package io.solstice.master.checkpoint;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.fault.CrashPoint;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.JobId;
import io.solstice.common.store.Creation;
import io.solstice.common.store.ObjectRef;
import io.solstice.common.store.ObjectStore;
import io.solstice.master.job.Manifest;
import io.solstice.master.job.StoreAnswer;
import io.solstice.master.job.StoreRequest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of one job id in an object store.
 *
 * <pre>
 * {job}/checkpoints/{checkpoint}/manifest.json   what it consists of
 * {job}/log/{number}.json                        makes it canonical; numbered from 1 without gaps
 * {job}/log/{number}.committed                   its output has been published
 * {job}/closed/{part}                            entries of that part of the log may be deleted, and none may be made
 * {job}/takeovers/{submission}-{number}.json     a master has taken a run over from another one
 * </pre>
 *
 * Each is written once. An entry of the log is created by exactly one writer, and whoever finds another's entry where its
 * own should be has been overtaken. The newest is found by asking for single numbers, never by listing.
 */
public final class CheckpointLog {
    private static final int FRESH_ATTEMPTS = 10;

    private final ObjectStore store;
    private final JobId job;
    private final LogEntries entries;
    private final Takeovers takeovers;
    private final String writer;
    private final String request;

    /** To read. */
    public CheckpointLog(ObjectStore store, JobId job) {
        this(store, job, "", "");
    }

    /**
     * @param writer unlike that of any other process that writes the log
     * @param request that made the run of the job that writes
     */
    public CheckpointLog(ObjectStore store, JobId job, String writer, String request) {
        this(store, job, writer, request, LogParts.USUAL);
    }

    CheckpointLog(ObjectStore store, JobId job, String writer, String request, LogParts parts) {
        this.request = request;
        this.store = store;
        this.job = job;
        this.entries = new LogEntries(store, job, parts);
        this.takeovers = new Takeovers(store, job, writer, request);
        this.writer = writer;
    }

    String manifestKey(String checkpoint) {
        return job + "/checkpoints/" + checkpoint + "/manifest.json";
    }

    /** The number of the newest entry, or 0. @param known an entry that was certainly there, or 0 */
    long newest(long known) {
        return entries.newest(known);
    }

    /** The number of the oldest entry that may be looked at. */
    long first() {
        return entries.first();
    }

    /** Deletes old entries. @param newest that is known */
    void trim(long newest) {
        entries.trim(newest, this::isKept);
    }

    /** Whether an object is of this job; a manifest that says otherwise must not have others' objects deleted. */
    boolean isOwn(String key) {
        return key.startsWith(job + "/");
    }

    /** Makes a checkpoint canonical. @param after the newest entry that the job knows, or 0 if it knows none */
    public StoreAnswer publish(long after, Manifest manifest) {
        Creation written;
        CrashPoint.MANIFEST_BEFORE_WRITE.reach();
        try {
            written = store.putNew(manifestKey(manifest.id().value()), ManifestJson.write(manifest));
        } catch (SolsticeException failed) {
            return new StoreAnswer.NotPublished(failed.error().within("job '" + job + "'"));
        }
        if (!written.stored()) {
            return new StoreAnswer.NotPublished(ErrorCode.CHECKPOINT_FAILED
                    .error("another checkpoint has the id " + manifest.id())
                    .where("job '" + job + "'"));
        }
        CrashPoint.MANIFEST_WRITTEN.reach();
        try {
            return after > 0
                    ? append(after + 1, manifest, written.written())
                    : appendFirst(manifest, written.written());
        } catch (SolsticeException failed) {
            SolsticeError why = failed.error().within("job '" + job + "'");
            // Asking again would not mend a log that cannot be read.
            return failed.code() == ErrorCode.OBJECT_DAMAGED
                    ? new StoreAnswer.Fenced(why)
                    : new StoreAnswer.Undecided(why);
        }
    }

    private StoreAnswer append(long number, Manifest manifest, ObjectRef ref) {
        LogEntry own = LogEntry.of(number, manifest, ref, writer, request);
        if (entries.append(own)) {
            CrashPoint.ENTRY_WRITTEN.reach();
            return new StoreAnswer.Published(number);
        }
        return new StoreAnswer.Fenced(fenced(entry(newest(number))));
    }

    /** A run that knows of no entry comes after whatever is there, unless another master leads it by now. */
    private StoreAnswer appendFirst(Manifest manifest, ObjectRef ref) {
        long newest = 0;
        StoreAnswer answer = new StoreAnswer.Published(0);
        for (int i = 0; i < FRESH_ATTEMPTS; i++) {
            newest = newest(newest);
            LogEntry newer = takeovers.after(manifest.term());
            if (newer != null) {
                return new StoreAnswer.Fenced(fenced(newer));
            }
            // An earlier try may have succeeded without this process learning of it.
            if (newest > 0 && entry(newest).checkpoint().equals(manifest.id())) {
                return new StoreAnswer.Published(newest);
            }
            answer = append(newest + 1, manifest, ref);
            if (answer instanceof StoreAnswer.Published) {
                return answer;
            }
        }
        return answer;
    }

    /**
     * What a run has come to that another master led. The newest entry is made once more, so that whatever that master
     * still tries to add comes too late; a log without entries gets one that says nothing else.
     */
    public StoreAnswer regain(StoreRequest.Regain wanted) {
        takeovers.add(wanted.firstGeneration(), wanted.term());
        long newest = 0;
        for (int i = 0; i < FRESH_ATTEMPTS; i++) {
            newest = newest(newest);
            LogEntry last = newest > 0
                    ? entry(newest)
                    : LogEntry.barrier(wanted.firstGeneration(), wanted.term(), writer, request);
            LogEntry newer = takeovers.after(wanted.term());
            if (newer != null) {
                // This is the master that was replaced.
                return new StoreAnswer.Fenced(fenced(newer));
            }
            boolean published = newest > 0 && isMarked(newest);
            if (entries.append(last.again(newest + 1, wanted.term(), writer, request))) {
                if (published) {
                    mark(newest + 1, last.checkpoint());
                }
                return regained(wanted, newest + 1, published, last);
            }
        }
        throw fenced(entry(newest(newest))).toException();
    }

    private StoreAnswer regained(StoreRequest.Regain wanted, long number, boolean published, LogEntry last) {
        if (!last.isBarrier() && last.request().equals(request)) {
            Manifest manifest = manifest(last);
            if (manifest.run().generation() >= wanted.firstGeneration()) {
                return new StoreAnswer.Loaded(number, published, manifest);
            }
        }
        return wanted.restoreFrom().isEmpty() ? new StoreAnswer.Nothing(number) : load(wanted.restoreFrom());
    }

    private SolsticeError fenced(LogEntry other) {
        return ErrorCode.CHECKPOINT_FENCED
                .error(
                        other.isBarrier()
                                ? "another master has taken the job over"
                                : "another run of the job has made checkpoint " + other.checkpoint())
                .where("job '" + job + "'")
                .cause("it is of generation " + other.generation() + " under a master of term " + other.term())
                .help("let one cluster at a time run a job of this id, or give each a state_backend of its own");
    }

    LogEntry entry(long number) {
        return entries.read(number);
    }

    /** Whether the checkpoint has not been deleted. */
    boolean isKept(LogEntry entry) {
        return !entry.isBarrier() && store.exists(entry.manifest().key());
    }

    Manifest manifest(LogEntry entry) {
        return ManifestJson.read(entry.manifest().key(), store.read(entry.manifest()));
    }

    /** Notes that the output has been published. */
    public void mark(long number, Manifest manifest) {
        mark(number, manifest.id());
    }

    private void mark(long number, CheckpointId checkpoint) {
        CrashPoint.MARK_BEFORE_WRITE.reach();
        store.putNew(entries.markKey(number), checkpoint.value().getBytes(StandardCharsets.UTF_8));
        CrashPoint.MARK_WRITTEN.reach();
    }

    boolean isMarked(long number) {
        return store.exists(entries.markKey(number));
    }

    /** What a job can begin with; a coded error if it is not there, or damaged. @param which an id, or {@code latest} */
    public StoreAnswer.Loaded load(String which) {
        long newest = newest(0);
        long first = first();
        boolean latest = which.equals("latest");
        for (long number = newest; number >= first; number--) {
            LogEntry entry = entry(number);
            if (!entry.isBarrier() && latest || entry.checkpoint().value().equals(which)) {
                if (!isKept(entry)) {
                    throw deleted(entry, latest).toException();
                }
                return new StoreAnswer.Loaded(newest, number < newest || isMarked(number), manifest(entry));
            }
        }
        throw unknown(which, newest, latest).toException();
    }

    /** An older one is no substitute: what came after it has been published. */
    private SolsticeError deleted(LogEntry entry, boolean latest) {
        return ErrorCode.CHECKPOINT_UNKNOWN
                .error("checkpoint " + entry.checkpoint() + " of job '" + job + "' has been deleted")
                .cause(latest ? "it was the newest, and what came after an older one is published already" : "")
                .help("list those that are there with: solstice checkpoint list " + job);
    }

    private SolsticeError unknown(String which, long newest, boolean latest) {
        String what = latest ? "has no completed checkpoint" : "has no completed checkpoint " + which;
        @Nullable
        String newestId = newest == 0 ? null : entry(newest).checkpoint().value();
        return ErrorCode.CHECKPOINT_UNKNOWN
                .error("job '" + job + "' " + what)
                .cause(newestId == null ? "its state backend holds none" : "its newest is " + newestId)
                .help("list them with: solstice checkpoint list " + job);
    }
}
