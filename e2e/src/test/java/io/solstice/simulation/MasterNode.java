package io.solstice.simulation;

import io.solstice.common.graph.Resources;
import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.master.cluster.ClusterCoordinator;
import io.solstice.master.cluster.ClusterSettings;
import io.solstice.master.cluster.JobView;
import io.solstice.master.cluster.MasterAction;
import io.solstice.master.cluster.MasterEvent;
import io.solstice.master.cluster.SessionId;
import io.solstice.master.cluster.WorkerView;
import io.solstice.master.job.Moment;
import io.solstice.master.job.RestartPolicy;
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
    private static final long HEARTBEAT_TIMEOUT_MILLIS = 3_000;

    private final Machine machine = new Machine();
    private final World world;
    private final StoreClerk clerk;
    private final ClusterCoordinator coordinator;
    private final Map<SessionId, Connection> sessions = new HashMap<>();
    private final Map<Long, Client> requests = new HashMap<>();
    private final Deque<Batch> batches = new ArrayDeque<>();
    /** Runs that it let begin itself. */
    private final Set<RunId> deployed = new HashSet<>();

    private final Set<RunId> begun = new HashSet<>();
    /** Where its next write goes. */
    private int place;

    private long lastRequest;
    private boolean writing;

    private record Batch(List<JournalEntry> entries, Runnable then) {}

    MasterNode(World world) {
        this.world = world;
        this.clerk = new StoreClerk(
                world,
                machine,
                "writer-" + world.nextWriter(),
                (run, answer) -> happens(new MasterEvent.Stored(run, answer)));
        List<JournalEntry> past = world.journal().read();
        this.place = past.size();
        this.coordinator = new ClusterCoordinator(settings(), JournaledState.replay(past), () -> "secret");
        act(coordinator.begin(now()));
        world.timeline().in(200, this::tick);
    }

    private ClusterSettings settings() {
        boolean never = world.plant() == Plant.LOSS_IS_NOT_NOTICED;
        return new ClusterSettings(
                "test",
                "1",
                never ? Long.MAX_VALUE / 4 : HEARTBEAT_TIMEOUT_MILLIS,
                20_000,
                10_000,
                new RestartPolicy(4, 300_000),
                4_000,
                world.retention().count());
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

    boolean isDoneWithTheStore() {
        return clerk.isIdle();
    }

    List<WorkerView> workers() {
        return coordinator.workers(now());
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
        List<MasterAction> actions = coordinator.on(event, now());
        act(actions);
        if (!isRoutine(event) || !actions.isEmpty()) {
            check();
        }
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
        for (WorkerView worker : allIsKnown ? workers() : List.<WorkerView>of()) {
            Resources reserved = worker.reserved();
            Resources offered = worker.registration().offered();
            Invariant.I8.holds(
                    reserved.numCpus() <= offered.numCpus()
                            && reserved.numGpus() <= offered.numGpus()
                            && reserved.memoryBytes() <= offered.memoryBytes(),
                    () -> "more is reserved than offered at " + worker);
        }
        if (batches.isEmpty() && !writing && place == world.journal().size()) {
            Invariant.I9.holds(
                    coordinator.journaled().equals(world.journal().sum()),
                    () -> "the master remembers " + coordinator.journaled() + ", but its journal gives back "
                            + world.journal().sum());
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
        List<JournalEntry> kept = new ArrayList<>();
        for (JournalEntry entry : entries) {
            boolean moves = entry instanceof JournalEntry.JobMoved;
            boolean ends = entry instanceof JournalEntry.JobMoved moved
                    && moved.move().state().isTerminal();
            if (!moves || world.plant() != Plant.MOVES_ARE_NOT_WRITTEN) {
                kept.add(entry);
            }
            if (ends && world.plant() == Plant.ENDS_ARE_WRITTEN_TWICE) {
                kept.add(entry);
            }
        }
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
            clerk.asks(store);
        } else if (action instanceof MasterAction.Publish publish) {
            world.timeline()
                    .tell(publish.snapshot().run() + " is " + publish.snapshot().state());
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
            if (!deploy.renewal().tasks().isEmpty()) {
                world.sees(Sight.SOME_BEGIN_AGAIN);
            }
            world.progress().begins(deploy.run(), deploy.restore().epoch());
            deployed.add(deploy.run());
        }
        if (message instanceof MasterMessage.Command command
                && command.command() instanceof WorkerCommand.Start start
                && begun.add(start.run())
                && !deployed.contains(start.run())
                && world.ledger().goesOn(start.run())) {
            world.sees(Sight.OUTLIVES_A_MASTER);
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

    void deleteCheckpoints(RunId run, int keepLast) {
        ask(() -> coordinator.job(run), view -> {
            if (view != null) {
                clerk.delete(view, keepLast);
            }
        });
    }

    void observe(RunId run, Client client) {
        long term = coordinator.journaled().term();
        ask(
                () -> coordinator.job(run),
                view -> client.sees(term, view == null ? null : view.snapshot().state()));
    }
}
