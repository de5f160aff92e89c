package io.solstice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.master.checkpoint.CheckpointLog;
import io.solstice.master.cluster.ClusterCoordinator;
import io.solstice.master.cluster.ClusterSettings;
import io.solstice.master.cluster.JobView;
import io.solstice.master.cluster.MasterAction;
import io.solstice.master.cluster.MasterEvent;
import io.solstice.master.cluster.SessionId;
import io.solstice.master.cluster.WorkerView;
import io.solstice.master.job.Moment;
import io.solstice.master.job.RestartPolicy;
import io.solstice.master.job.StoreAnswer;
import io.solstice.master.job.StoreRequest;
import io.solstice.master.journal.JournalEntry;
import io.solstice.master.journal.JournaledState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One process of a master: decides with the real coordinator, writes to the shared journal, then acts. */
final class MasterNode {
    private static final ClusterSettings SETTINGS = settings(3_000);

    private final Machine machine = new Machine();
    private final World world;
    private final String writer;
    private final ClusterCoordinator coordinator;
    private final Map<SessionId, Connection> sessions = new HashMap<>();
    private final Map<Long, Client> requests = new HashMap<>();
    private final Deque<Batch> batches = new ArrayDeque<>();
    /** Runs that it let begin itself. */
    private final Set<RunId> deployed = new HashSet<>();

    private final Set<RunId> begun = new HashSet<>();
    /** When the store has answered what each job has asked so far. */
    private final Map<RunId, Long> freeAt = new HashMap<>();
    /** Where its next write goes. */
    private int place;

    private long lastRequest;
    private boolean writing;

    private record Batch(List<JournalEntry> entries, Runnable then) {}

    MasterNode(World world) {
        this.world = world;
        this.writer = "writer-" + world.nextWriter();
        List<JournalEntry> past = world.journal().read();
        this.place = past.size();
        ClusterSettings settings = world.plant() == Plant.LOSS_IS_NOT_NOTICED ? settings(Long.MAX_VALUE / 4) : SETTINGS;
        this.coordinator = new ClusterCoordinator(settings, JournaledState.replay(past), () -> "secret");
        act(coordinator.begin(now()));
        world.timeline().in(200, this::tick);
    }

    private static ClusterSettings settings(long heartbeatTimeoutMillis) {
        return new ClusterSettings(
                "test", "1", heartbeatTimeoutMillis, 20_000, 10_000, new RestartPolicy(4, 300_000), 4_000, 5);
    }

    private void tick() {
        machine.run(() -> {
            if (!endsWithItsLease()) {
                happens(new MasterEvent.Tick());
            }
        });
        if (machine.isAlive()) {
            world.timeline().in(200, this::tick);
        }
    }

    /** Sooner or later a master sees that another one has taken the lease, also if it has nothing to write. */
    private boolean endsWithItsLease() {
        if (world.isLeader(this)
                || world.plant() != Plant.NONE
                || !world.timeline().chance(0.1)) {
            return false;
        }
        world.timeline().tell("a master finds that another one has the lease, and ends");
        world.kill(this);
        return true;
    }

    private Moment now() {
        return new Moment(world.timeline().now(), world.timeline().now());
    }

    Machine machine() {
        return machine;
    }

    ClusterCoordinator coordinator() {
        return coordinator;
    }

    void connected(Connection connection) {
        sessions.put(connection.session(), connection);
    }

    void submit(JobSpec spec, Client client) {
        long request = ++lastRequest;
        requests.put(request, client);
        happens(new MasterEvent.Submit(request, world.asSubmitted(spec)));
    }

    /** Answers when everything decided so far has been written. */
    <T> void ask(Supplier<T> question, Consumer<T> answer) {
        T value = question.get();
        carryOut(List.of(), () -> answer.accept(value));
    }

    void happens(MasterEvent event) {
        if (event instanceof MasterEvent.Disconnected && world.plant() == Plant.LOSS_IS_NOT_NOTICED) {
            return;
        }
        if (!isRoutine(event)) {
            world.timeline().tell(event);
        }
        act(coordinator.on(event, now()));
        check();
    }

    private static boolean isRoutine(MasterEvent event) {
        return event instanceof MasterEvent.Tick
                || event instanceof MasterEvent.Received received
                        && received.message() instanceof WorkerMessage.Heartbeat;
    }

    private void check() {
        // Until its workers have spoken, all tasks of a job that runs since before this master count as alive.
        boolean allIsKnown = coordinator.jobs().stream()
                .noneMatch(job -> job.snapshot().state().mayBecome(JobState.RESTARTING)
                        && !job.snapshot().waitingFor().isEmpty());
        for (WorkerView worker : allIsKnown ? coordinator.workers(now()) : List.<WorkerView>of()) {
            assertThat(worker.reserved().numCpus())
                    .isLessThanOrEqualTo(worker.registration().offered().numCpus());
            assertThat(worker.reserved().numGpus())
                    .isLessThanOrEqualTo(worker.registration().offered().numGpus());
            assertThat(worker.reserved().memoryBytes())
                    .isLessThanOrEqualTo(worker.registration().offered().memoryBytes());
        }
        if (batches.isEmpty() && !writing && place == world.journal().read().size()) {
            assertThat(coordinator.journaled())
                    .as("what the master remembers is what the journal gives back")
                    .isEqualTo(world.journal().sum());
        }
    }

    private void act(List<MasterAction> actions) {
        List<JournalEntry> entries = new ArrayList<>();
        for (MasterAction action : actions) {
            if (action instanceof MasterAction.Write write) {
                entries.add(write.entry());
            }
        }
        if (world.plant() == Plant.ACTS_BEFORE_IT_IS_WRITTEN) {
            actions.forEach(this::carryOut);
            carryOut(entries, () -> {});
        } else {
            carryOut(entries, () -> actions.forEach(this::carryOut));
        }
    }

    private void carryOut(List<JournalEntry> entries, Runnable then) {
        batches.add(new Batch(entries, then));
        if (!writing) {
            writeNext();
        }
    }

    private void writeNext() {
        Batch next = batches.peek();
        while (next != null && next.entries().isEmpty()) {
            batches.remove();
            next.then().run();
            next = batches.peek();
        }
        if (next == null) {
            return;
        }
        writing = true;
        world.timeline().in(world.timeline().delay(1, 300), () -> machine.run(this::written));
    }

    private void written() {
        writing = false;
        Batch batch = batches.remove();
        if (!append(batch.entries())) {
            world.timeline().tell("a master finds that another writes the journal, and ends");
            world.kill(this);
            return;
        }
        batch.then().run();
        writeNext();
    }

    private boolean append(List<JournalEntry> entries) {
        List<JournalEntry> kept = world.plant() == Plant.MOVES_ARE_NOT_WRITTEN
                ? entries.stream()
                        .filter(entry -> !(entry instanceof JournalEntry.JobMoved))
                        .toList()
                : entries;
        boolean appended = world.journal().append(place, kept);
        place += kept.size();
        for (JournalEntry entry : appended ? kept : List.<JournalEntry>of()) {
            JobView job = entry instanceof JournalEntry.JobRestarted again ? coordinator.job(again.run()) : null;
            if (job != null) {
                world.beginsAgain(job.snapshot().run(), job.snapshot().restartCause());
            }
        }
        return appended;
    }

    /** A write that was under way when the process was killed may or may not have taken place. */
    void died() {
        @Nullable Batch first = batches.peek();
        if (writing && first != null && world.timeline().chance(0.5)) {
            append(first.entries());
        }
        batches.clear();
    }

    private void carryOut(MasterAction action) {
        if (action instanceof MasterAction.Send send) {
            send(send.session(), send.message());
        } else if (action instanceof MasterAction.Close close) {
            Connection connection = sessions.remove(close.session());
            if (connection != null) {
                connection.closedByMaster(close.why().what());
            }
        } else if (action instanceof MasterAction.Accept accept) {
            world.toClient(requests.remove(accept.request()), client -> client.accepted(accept.run()));
        } else if (action instanceof MasterAction.Reject reject) {
            world.toClient(requests.remove(reject.request()), client -> client.rejected(reject.why()));
        } else if (action instanceof MasterAction.Store store) {
            store(store);
        } else if (action instanceof MasterAction.Publish publish) {
            world.timeline()
                    .tell(publish.snapshot().run() + " is " + publish.snapshot().state());
        }
    }

    /** The store takes its time, and so does its answer; a master that dies meanwhile never hears it. */
    private void store(MasterAction.Store wanted) {
        if (wanted.request() instanceof StoreRequest.Publish publish
                && world.plant() == Plant.PUBLISHES_BEFORE_IT_IS_CANONICAL) {
            stored(wanted, new StoreAnswer.Published(publish.after() + 1));
            return;
        }
        // One after the other for each job, and so are the answers.
        long asked =
                Math.max(freeAt.getOrDefault(wanted.run(), 0L), world.timeline().now())
                        + world.timeline().delay(1, 500);
        long answered = asked + world.timeline().delay(1, 500);
        freeAt.put(wanted.run(), answered);
        long now = world.timeline().now();
        world.timeline()
                .in(
                        asked - now,
                        () -> machine.run(() -> {
                            StoreAnswer answer = answer(wanted);
                            world.timeline().tell(wanted.run() + " hears from the store: " + answer);
                            world.timeline().in(answered - asked, () -> stored(wanted, answer));
                        }));
    }

    private void stored(MasterAction.Store wanted, StoreAnswer answer) {
        machine.run(() -> happens(new MasterEvent.Stored(wanted.run(), answer)));
    }

    private StoreAnswer answer(MasterAction.Store wanted) {
        CheckpointLog log = new CheckpointLog(
                world.store(), wanted.run().job(), writer, wanted.spec().requestId());
        try {
            if (wanted.request() instanceof StoreRequest.Publish publish) {
                return log.publish(publish.after(), publish.manifest());
            } else if (wanted.request() instanceof StoreRequest.Load load) {
                return log.load(load.which());
            } else if (wanted.request() instanceof StoreRequest.Regain regain) {
                return world.plant() == Plant.OLD_MASTERS_ARE_NOT_FENCED ? unfenced(log) : log.regain(regain);
            } else if (wanted.request() instanceof StoreRequest.Mark mark) {
                log.mark(mark.number(), mark.manifest());
            }
        } catch (SolsticeException failed) {
            return wanted.request() instanceof StoreRequest.Load || wanted.request() instanceof StoreRequest.Regain
                    ? new StoreAnswer.NotLoaded(failed.error())
                    : new StoreAnswer.Marked();
        }
        return new StoreAnswer.Marked();
    }

    private static StoreAnswer unfenced(CheckpointLog log) {
        try {
            return log.load("latest");
        } catch (SolsticeException none) {
            return new StoreAnswer.Nothing(0);
        }
    }

    private void send(SessionId session, MasterMessage message) {
        if (message instanceof MasterMessage.Command command
                && command.command() instanceof WorkerCommand.EndTasks end) {
            world.ledger().renews(end.run());
        }
        if (message instanceof MasterMessage.Command command
                && command.command() instanceof WorkerCommand.Deploy deploy) {
            world.ledger().begins(deploy);
            deployed.add(deploy.run());
        }
        if (message instanceof MasterMessage.Command command
                && command.command() instanceof WorkerCommand.Start start
                && begun.add(start.run())
                && !deployed.contains(start.run())) {
            world.ledger().goesOn(start.run());
        }
        Connection connection = sessions.get(session);
        boolean lost = world.plant() == Plant.RELEASE_IS_LOST
                && message instanceof MasterMessage.Command command
                && command.command() instanceof WorkerCommand.Release
                && world.timeline().chance(0.2);
        if (connection != null && !lost) {
            connection.toWorker(message);
            if (world.plant() == Plant.SPLIT_IS_HANDED_OUT_TWICE
                    && message instanceof MasterMessage.Command command
                    && command.command() instanceof WorkerCommand.AssignSplits assign) {
                connection.toWorker(new MasterMessage.Command(toAnotherTask(assign)));
            }
        }
    }

    private static WorkerCommand toAnotherTask(WorkerCommand.AssignSplits assign) {
        TaskId task = assign.task();
        TaskId other = new TaskId(task.job(), task.stage(), task.index() == 0 ? 1 : task.index() - 1);
        return new WorkerCommand.AssignSplits(
                assign.run(), other, assign.source(), 1_000, assign.splits(), assign.last());
    }

    void observe(RunId run, Client client) {
        long term = coordinator.journaled().term();
        ask(
                () -> coordinator.job(run),
                view -> client.sees(term, view == null ? null : view.snapshot().state()));
    }
}
