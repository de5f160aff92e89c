package io.solstice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.RunId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.master.cluster.SessionId;
import io.solstice.master.journal.JournalEntry.KeptJob;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One cluster, its users and its bad luck, from one seed. */
final class World {
    private static final long TROUBLE_MILLIS = 90_000;
    private static final long PEACE_MILLIS = 180_000;

    private final Timeline timeline;
    private final Plant plant;
    private final SharedJournal journal;
    private final Ledger ledger = new Ledger();
    private final Channels channels = new Channels();
    private final SharedStore store;
    private final TreeMap<WorkerId, WorkerNode> workers = new TreeMap<>();
    private final List<Client> clients = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();
    private final Set<WorkerId> cutUp = new HashSet<>();
    private final Set<WorkerId> cutDown = new HashSet<>();
    private final boolean onlyMastersFail;
    private Faults faults;
    private MasterNode leader;
    private long sessions;
    private int writers;
    private int ports = 9_000;
    private int requests;
    private int troubles;
    private boolean peace;
    private boolean over;

    World(long seed, Plant plant) {
        Random random = new Random(seed);
        this.timeline = new Timeline(random);
        this.plant = plant;
        this.journal = new SharedJournal(plant != Plant.JOURNAL_IS_NOT_CONDITIONAL);
        this.faults = Faults.of(random);
        this.onlyMastersFail = faults.areOfMastersAlone();
        this.store = new SharedStore(() -> timeline.chance(faults.storeFailing()));
        this.leader = new MasterNode(this);
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            start(new WorkerId("w" + i), new Resources(1 + random.nextInt(4), random.nextInt(2), 4L << 30));
        }
        int jobs = 1 + random.nextInt(8);
        for (int i = 0; i < jobs; i++) {
            RandomJob job = RandomJob.of(random, "job-" + i, "request-" + i, "user-" + random.nextInt(2));
            ledger.add(job);
            Client client = new Client(this, job.spec());
            clients.add(client);
            timeline.in(random.nextInt((int) TROUBLE_MILLIS), client::submit);
            if (random.nextInt(5) == 0) {
                timeline.in(random.nextInt((int) TROUBLE_MILLIS), client::cancel);
            }
        }
        timeline.in(1_000, this::trouble);
    }

    /** Lives through the troubles, and then until everything has come to its end. */
    void run() {
        long end = timeline.now() + TROUBLE_MILLIS;
        while (timeline.now() < end) {
            timeline.step();
        }
        makePeace();
        long patience = timeline.now() + PEACE_MILLIS;
        while (!isCalm()) {
            assertThat(timeline.now()).as(this::whatIsLeft).isLessThan(patience);
            timeline.step();
        }
        over = true;
        journal.checkReplay();
        journal.sum()
                .jobs()
                .values()
                .forEach(job -> ledger.checkEnd(job.run(), job.spec().requestId(), job.last()));
        assertThat(journal.sum().jobs()).as("one run for each request").hasSize(clients.size());
    }

    private boolean isCalm() {
        return clients.stream().allMatch(Client::isAnswered)
                && journal.sum().jobs().values().stream()
                        .allMatch(job -> job.last().state().isTerminal())
                && workers.values().stream().allMatch(worker -> worker.held().isEmpty());
    }

    private String whatIsLeft() {
        List<Object> left = new ArrayList<>();
        for (KeptJob job : journal.sum().jobs().values()) {
            if (!job.last().state().isTerminal()) {
                left.add(job.run() + " is " + job.last().state());
            }
        }
        workers.values().forEach(worker -> left.add(worker.id() + " holds " + worker.held()));
        return "nothing hangs, but " + left;
    }

    private void trouble() {
        if (peace) {
            return;
        }
        for (WorkerId id : List.copyOf(workers.keySet())) {
            WorkerNode worker = workers.get(id);
            if (worker == null
                    || !worker.machine().isAlive()
                    || worker.machine().isPaused()) {
                continue;
            }
            if (happens(faults.workerCrash(), id + " is killed")) {
                kill(worker);
            } else if (happens(faults.workerStop(), id + " is stopped")) {
                worker.machine().run(() -> worker.happens(new io.solstice.worker.control.WorkerEvent.ShutdownAsked()));
            } else if (happens(faults.pause(), id + " stands still")) {
                pause(worker.machine());
            }
            if (happens(faults.partition(), id + " is cut off")) {
                cut(id, true, true);
            }
            if (happens(faults.oneWay(), id + " is cut off in one direction")) {
                boolean up = timeline.chance(0.5);
                cut(id, up, !up);
            }
            if (happens(faults.reset(), "the connection of " + id + " is reset")) {
                connections.stream().filter(made -> made.isOf(worker)).forEach(Connection::reset);
            }
        }
        masterTrouble();
        timeline.in(1_000, this::trouble);
    }

    private void masterTrouble() {
        if (!leader.machine().isAlive() || leader.machine().isPaused()) {
            return;
        }
        if (happens(faults.masterCrash(), "the master is killed")) {
            kill(leader);
        } else if (happens(faults.masterCrash(), "the master stands still, and another one is started")) {
            pause(leader.machine());
            timeline.in(timeline.delay(100, 5_000), this::startMaster);
        } else if (happens(faults.pause(), "the master stands still")) {
            pause(leader.machine());
        }
    }

    private boolean happens(double chance, String what) {
        if (!timeline.chance(chance)) {
            return false;
        }
        troubles++;
        timeline.tell(what);
        return true;
    }

    private void pause(Machine machine) {
        machine.pause();
        timeline.in(timeline.delay(100, 30_000), machine::resume);
    }

    private void cut(WorkerId id, boolean up, boolean down) {
        if (up) {
            cutUp.add(id);
        }
        if (down) {
            cutDown.add(id);
        }
        timeline.in(timeline.delay(100, 30_000), () -> {
            cutUp.remove(id);
            cutDown.remove(id);
            connections.forEach(Connection::flow);
        });
    }

    private void makePeace() {
        timeline.tell("peace");
        peace = true;
        faults = faults.none();
        cutUp.clear();
        cutDown.clear();
        leader.machine().resume();
        workers.values().forEach(worker -> worker.machine().resume());
        connections.forEach(Connection::flow);
    }

    void kill(WorkerNode worker) {
        worker.machine().kill();
        connections.stream().filter(made -> made.isOf(worker)).forEach(Connection::workerDied);
        timeline.in(timeline.delay(200, 8_000), () -> start(worker.id(), worker.offered()));
    }

    private void start(WorkerId id, Resources offered) {
        timeline.tell(id + " starts");
        workers.put(id, new WorkerNode(this, id, offered, timeline.chance(0.3) ? ports : ++ports));
    }

    void kill(MasterNode master) {
        if (!master.machine().isAlive()) {
            return;
        }
        master.died();
        master.machine().kill();
        connections.stream().filter(made -> made.isOf(master)).forEach(Connection::masterDied);
        if (master == leader) {
            timeline.in(timeline.delay(200, 8_000), () -> {
                if (!leader.machine().isAlive()) {
                    startMaster();
                }
            });
        }
    }

    boolean isLeader(MasterNode master) {
        return master == leader;
    }

    private void startMaster() {
        timeline.tell("a master starts");
        leader = new MasterNode(this);
    }

    @Nullable
    Connection connect(WorkerNode worker, long link) {
        if (!leader.machine().isAlive()) {
            return null;
        }
        Connection made = new Connection(this, worker, leader, link, new SessionId(++sessions));
        connections.removeIf(old -> old.isOf(worker) && connections.size() > 50);
        connections.add(made);
        leader.connected(made);
        return made;
    }

    /** What a user's request leads to, at a master that lives and is not too far away. */
    void toMaster(Consumer<MasterNode> request) {
        timeline.in(latency(), () -> {
            MasterNode master = leader;
            master.machine().run(() -> request.accept(master));
        });
    }

    /** An answer, which may be lost on its way. */
    void toClient(@Nullable Client client, Consumer<Client> answer) {
        if (client != null && (peace || !timeline.chance(0.1))) {
            timeline.in(latency(), () -> answer.accept(client));
        }
    }

    JobSpec asSubmitted(JobSpec spec) {
        return plant != Plant.REQUESTS_ARE_NOT_REMEMBERED
                ? spec
                : new JobSpec(spec.graph(), spec.program(), spec.requestId() + "~" + ++requests, spec.submitter());
    }

    long latency() {
        return timeline.delay(1, faults.slow());
    }

    boolean duplicates() {
        return timeline.chance(faults.duplicate());
    }

    boolean isCutUp(WorkerId id) {
        return cutUp.contains(id);
    }

    boolean isCutDown(WorkerId id) {
        return cutDown.contains(id);
    }

    boolean isRunning() {
        return !over;
    }

    int troubles() {
        return troubles;
    }

    /** A job begins again. */
    void beginsAgain(RunId run, @Nullable SolsticeError why) {
        if (onlyMastersFail && plant == Plant.NONE) {
            assertThat(why).as("why %s begins again", run).isNotNull();
            assertThat(why.code()).as("why %s begins again: %s", run, why).isEqualTo(ErrorCode.MASTER_RESTARTED);
        }
    }

    Faults faults() {
        return faults;
    }

    Plant plant() {
        return plant;
    }

    Timeline timeline() {
        return timeline;
    }

    int nextWriter() {
        return ++writers;
    }

    SharedStore store() {
        return store;
    }

    Channels channels() {
        return channels;
    }

    SharedJournal journal() {
        return journal;
    }

    Ledger ledger() {
        return ledger;
    }

    /** How the jobs ended. */
    Map<String, Long> ends() {
        Map<String, Long> ends = new TreeMap<>();
        journal.sum().jobs().values().forEach(job -> {
            String end = job.last().state()
                    + (job.last().error() == null
                            ? ""
                            : " " + job.last().error().code());
            ends.merge(end, 1L, Long::sum);
        });
        return ends;
    }
}
