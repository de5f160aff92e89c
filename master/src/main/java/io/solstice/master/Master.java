package io.solstice.master;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.loop.Clock;
import io.solstice.common.loop.EventLoop;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.Program.Artifact;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.ticket.RunSecret;
import io.solstice.master.checkpoint.CheckpointKeeper;
import io.solstice.master.checkpoint.CheckpointShelf;
import io.solstice.master.cluster.ClusterCoordinator;
import io.solstice.master.cluster.ClusterSettings;
import io.solstice.master.cluster.Fenced;
import io.solstice.master.cluster.JobView;
import io.solstice.master.cluster.LogLine;
import io.solstice.master.cluster.MasterAction;
import io.solstice.master.cluster.MasterEvent;
import io.solstice.master.cluster.SessionId;
import io.solstice.master.cluster.WorkerView;
import io.solstice.master.job.Answer;
import io.solstice.master.job.Moment;
import io.solstice.master.journal.Journal;
import io.solstice.master.journal.JournalEntry;
import io.solstice.master.journal.JournalWriter;
import io.solstice.master.journal.JournaledState;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The acting side of a master: one event loop owns the {@link ClusterCoordinator}, which decides; what it decided is
 * written to the journal and then carried out. It sees job graphs, never user code or data. All methods may be called
 * by any thread and none blocks.
 */
public final class Master implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Master.class);
    private static final Duration TICK = Duration.ofMillis(50);

    private final Clock clock;
    private final ClusterCoordinator coordinator;
    private final @Nullable JournalWriter writer;
    private final CheckpointKeeper keeper;
    private final EventLoop loop;
    private final AtomicLong sessions = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final Map<SessionId, WorkerPort> ports = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Accepted>> answers = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<CheckpointId>> askers = new ConcurrentHashMap<>();
    private final Map<RunId, List<Consumer<JobSnapshot>>> watchers = new ConcurrentHashMap<>();

    /** @param seenBefore the same request had been made before, and the run is the one that it made then */
    public record Accepted(RunId run, boolean seenBefore) {}

    /**
     * Reads the journal and begins to lead.
     *
     * @param onFatal told when the journal can no longer be written; the master does nothing more and must be closed
     */
    public Master(ClusterSettings settings, Journal journal, Clock clock, Consumer<SolsticeException> onFatal) {
        this.clock = clock;
        SecureRandom random = new SecureRandom();
        JournaledState journaled = JournaledState.replay(journal.read());
        this.coordinator = new ClusterCoordinator(settings, journaled, () -> secret(random));
        this.writer = journal == Journal.NONE ? null : new JournalWriter(journal, onFatal);
        this.keeper = new CheckpointKeeper(
                clock,
                settings.checkpointMaxAgeMillis(),
                (run, answer) -> happens(new MasterEvent.Stored(run, answer)));
        this.loop = new EventLoop(
                "master",
                defect -> LOG.error("a defect of the master", defect),
                TICK,
                () -> decide(new MasterEvent.Tick()));
        loop.submit(() -> act(coordinator.begin(now())));
    }

    private static String secret(SecureRandom random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Starts a job, or finds the one that the same request started. Fails with the coded error of a refusal. */
    public CompletableFuture<Accepted> submit(JobSpec spec) {
        CompletableFuture<Accepted> answer = new CompletableFuture<>();
        long request = requests.incrementAndGet();
        answers.put(request, answer);
        happens(new MasterEvent.Submit(request, spec));
        return answer;
    }

    public void cancel(RunId run) {
        happens(new MasterEvent.Cancel(run));
    }

    /**
     * Takes a checkpoint now and answers when its output has been published.
     *
     * @param last the job is to end with it
     */
    public CompletableFuture<CheckpointId> checkpoint(RunId run, boolean last) {
        CompletableFuture<CheckpointId> answer = new CompletableFuture<>();
        long request = requests.incrementAndGet();
        askers.put(request, answer);
        happens(new MasterEvent.Checkpoint(request, run, last));
        return answer;
    }

    /** Does something with the checkpoints of a job, beside all other work of the master. */
    public <T> CompletableFuture<T> checkpoints(JobSpec spec, Function<CheckpointShelf, T> question) {
        return keeper.ask(spec, question);
    }

    /** Gives the worker no more tasks. */
    public void drain(WorkerId worker) {
        happens(new MasterEvent.Drain(worker));
    }

    /** All runs that are kept, newest first. */
    public CompletableFuture<List<JobView>> jobs() {
        return ask(coordinator::jobs);
    }

    /** The digests of all jars that jobs need which have not ended. */
    public CompletableFuture<Set<String>> artifactsInUse() {
        return ask(() -> coordinator.jobs().stream()
                .filter(job -> !job.snapshot().state().isTerminal())
                .flatMap(job -> job.spec().program().artifacts().stream())
                .map(Artifact::sha256)
                .collect(Collectors.toSet()));
    }

    /** Fails with {@link ErrorCode#JOB_UNKNOWN} if the run is not kept. */
    public CompletableFuture<JobView> job(RunId run) {
        return ask(() -> {
            JobView view = coordinator.job(run);
            if (view == null) {
                throw ErrorCode.JOB_UNKNOWN
                        .error("the master no longer keeps run " + run)
                        .help("list the jobs that it keeps, or raise job_history")
                        .toException();
            }
            return view;
        });
    }

    /** What happened to a run, oldest first. */
    public CompletableFuture<List<LogLine>> log(RunId run) {
        return ask(() -> coordinator.log(run));
    }

    /** What signs the tickets of a run; empty if it has not been placed under this master. */
    public CompletableFuture<Optional<RunSecret>> secret(RunId run) {
        return ask(() -> Optional.ofNullable(coordinator.secret(run)).map(RunSecret::new));
    }

    public CompletableFuture<List<WorkerView>> workers() {
        return ask(() -> coordinator.workers(now()));
    }

    public CompletableFuture<Fenced> fenced() {
        return ask(coordinator::fenced);
    }

    public CompletableFuture<Long> term() {
        return ask(() -> coordinator.journaled().term());
    }

    /** @param listener told how the run is now and of every change, on a thread of the master; must not block */
    public Watch watch(RunId run, Consumer<JobSnapshot> listener) {
        loop.submit(() -> {
            JobView view = coordinator.job(run);
            carryOut(List.of(), () -> {
                watchers.computeIfAbsent(run, id -> new CopyOnWriteArrayList<>())
                        .add(listener);
                if (view != null) {
                    listener.accept(view.snapshot());
                }
            });
        });
        return () -> loop.submit(() -> carryOut(
                List.of(),
                () -> watchers.computeIfPresent(
                        run, (id, list) -> list.remove(listener) && list.isEmpty() ? null : list)));
    }

    /** A worker has connected; its messages follow. */
    public SessionId connect(WorkerPort port) {
        SessionId session = new SessionId(sessions.incrementAndGet());
        ports.put(session, port);
        return session;
    }

    public void receive(SessionId session, WorkerMessage message) {
        happens(new MasterEvent.Received(session, message));
    }

    /** The connection is gone, whoever ended it. */
    public void disconnected(SessionId session, String why) {
        ports.remove(session);
        happens(new MasterEvent.Disconnected(session, why));
    }

    private void happens(MasterEvent event) {
        loop.submit(() -> decide(event));
    }

    private <T> CompletableFuture<T> ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.submit(() -> {
            try {
                T value = question.get();
                // Nobody may learn of a decision that could still be forgotten.
                carryOut(List.of(), () -> answer.complete(value));
            } catch (RuntimeException | Error defect) {
                answer.completeExceptionally(defect);
            }
        });
        return answer;
    }

    private void decide(MasterEvent event) {
        act(coordinator.on(event, now()));
    }

    private Moment now() {
        return new Moment(clock.wallMillis(), clock.monotonicNanos() / 1_000_000);
    }

    private void act(List<MasterAction> actions) {
        if (actions.isEmpty()) {
            return;
        }
        List<JournalEntry> entries = new ArrayList<>();
        List<MasterAction> inOrder = new ArrayList<>(actions.size());
        for (MasterAction action : actions) {
            if (action instanceof MasterAction.Write write) {
                entries.add(write.entry());
            }
            if (isSignOfLife(action)) {
                carryOut(action);
            } else {
                inOrder.add(action);
            }
        }
        carryOut(entries, () -> inOrder.forEach(this::carryOut));
    }

    /** It tells of no decision, and a worker that waits for it behind a slow disk would take the master for lost. */
    private static boolean isSignOfLife(MasterAction action) {
        return action instanceof MasterAction.Send send && send.message() instanceof MasterMessage.HeartbeatSeen;
    }

    /** In the order of the decisions; on the loop itself if nothing has to be kept. */
    private void carryOut(List<JournalEntry> entries, Runnable then) {
        if (writer == null) {
            then.run();
        } else {
            writer.write(entries, then);
        }
    }

    private void carryOut(MasterAction action) {
        try {
            if (action instanceof MasterAction.Send send) {
                WorkerPort port = ports.get(send.session());
                if (port != null) {
                    port.send(send.message());
                }
            } else if (action instanceof MasterAction.Close close) {
                WorkerPort port = ports.remove(close.session());
                if (port != null) {
                    port.close(close.why());
                }
            } else if (action instanceof MasterAction.Accept accept) {
                answer(accept.request()).complete(new Accepted(accept.run(), accept.seenBefore()));
            } else if (action instanceof MasterAction.Reject reject) {
                answer(reject.request()).completeExceptionally(reject.why().toException());
            } else if (action instanceof MasterAction.Store store) {
                keeper.carryOut(store.run(), store.spec(), store.request());
            } else if (action instanceof MasterAction.Checkpointed done) {
                checkpointed(done.answer());
            } else if (action instanceof MasterAction.NotCheckpointed never) {
                askers.values()
                        .forEach(
                                asker -> asker.completeExceptionally(never.why().toException()));
                askers.clear();
            } else if (action instanceof MasterAction.Publish publish) {
                watchers.getOrDefault(publish.snapshot().run(), List.of())
                        .forEach(listener -> listener.accept(publish.snapshot()));
            } else if (action instanceof MasterAction.Say say) {
                LOG.atLevel(
                                say.level() == MasterAction.Level.WARN
                                        ? org.slf4j.event.Level.WARN
                                        : org.slf4j.event.Level.INFO)
                        .log(say.line());
            }
        } catch (RuntimeException defect) {
            LOG.error("a defect of the master: {} could not be carried out", action, defect);
        }
    }

    private CompletableFuture<Accepted> answer(long request) {
        CompletableFuture<Accepted> answer = answers.remove(request);
        return answer == null ? new CompletableFuture<>() : answer;
    }

    private void checkpointed(Answer done) {
        CompletableFuture<CheckpointId> asker = askers.remove(done.request());
        if (asker != null && done.id() != null) {
            asker.complete(done.id());
        } else if (asker != null && done.error() != null) {
            asker.completeExceptionally(done.error().toException());
        }
    }

    /** Stops deciding, carries out what was decided, and lets go of the journal. */
    @Override
    public void close() {
        loop.close();
        keeper.close();
        if (writer != null) {
            writer.close();
        }
    }
}
