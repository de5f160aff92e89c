package io.solstice.simulation;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.JobSpec;
import io.solstice.master.checkpoint.LogParts;
import io.solstice.master.cluster.SessionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One cluster, its users and its bad luck, from one seed. {@link Life} says how it goes. */
final class World {
    static final long TROUBLE_MILLIS = 90_000;
    /** Logs are short in here. */
    static final LogParts LOG_PARTS = new LogParts(3, 2, 1);

    private final Timeline timeline;
    private final Plant plant;
    private final Archive.Retention retention;
    private final SharedJournal journal;
    private final Ledger ledger;
    private final Progress progress = new Progress();
    private final Archive archive;
    private final Channels channels = new Channels();
    private final SharedStore store;
    private final Troubles troubles;
    private final TreeMap<WorkerId, WorkerNode> workers = new TreeMap<>();
    private final List<MasterNode> masters = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();
    private final Map<JobId, Integer> submissions = new HashMap<>();
    private final Map<Sight, Integer> sights = new EnumMap<>(Sight.class);
    private final boolean onlyMastersFail;
    private MasterNode leader;
    private long sessions;
    private int writers;
    private int ports = 9_000;
    private int requests;
    private boolean storeIsSlow;
    private boolean openEnded = true;
    private boolean over;

    World(long seed, Plant plant) {
        Random random = new Random(seed);
        this.timeline = new Timeline(random);
        this.plant = plant;
        this.journal = new SharedJournal(plant != Plant.JOURNAL_IS_NOT_CONDITIONAL);
        Faults faults = Faults.of(random);
        this.onlyMastersFail = faults.areOfMastersAlone();
        this.retention = new Archive.Retention(
                1 + random.nextInt(5), random.nextBoolean() ? 0 : 1_000L * (1 + random.nextInt(30)));
        this.archive = new Archive(timeline::now, retention, progress::becomesCanonical, this::sees);
        this.ledger = new Ledger(archive);
        this.troubles = new Troubles(this, timeline, faults);
        this.store = new SharedStore(
                () -> timeline.chance(faults().storeFailing()), archive, plant != Plant.NOTHING_IS_SWEPT);
        this.leader = new MasterNode(this);
        masters.add(leader);
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            start(new WorkerId("w" + i), new Resources(1 + random.nextInt(4), random.nextInt(2), 4L << 30));
        }
        int jobs = 1 + random.nextInt(8);
        for (int i = 0; i < jobs; i++) {
            Client client = user(RandomJob.of(random, "job-" + i, "request-" + i, "user-" + random.nextInt(2)), false);
            timeline.in(random.nextInt((int) TROUBLE_MILLIS), client::submit);
            if (random.nextInt(5) == 0) {
                timeline.in(random.nextInt((int) TROUBLE_MILLIS), client::cancel);
            }
            if (random.nextInt(4) == 0) {
                int keepLast = 1 + random.nextInt(3);
                timeline.in(random.nextInt((int) TROUBLE_MILLIS), () -> client.deleteCheckpoints(keepLast));
            }
        }
    }

    private Client user(RandomJob job, boolean again) {
        ledger.add(job);
        Client client = new Client(this, job, again);
        clients.add(client);
        return client;
    }

    /** A job that has ended goes on with its newest checkpoint, under a new request; if it has one. */
    void goesOn(RandomJob job) {
        JobId id = job.spec().job();
        if (archive.newest(id) != null) {
            sees(Sight.GOES_ON);
            int number = submissions.merge(id, 1, Integer::sum);
            user(job.again(number), true).submit();
        }
    }

    /** A user has seen the end of a job. */
    void sawTheEnd(RandomJob job) {
        if (!troubles.areOver() && timeline.chance(0.5)) {
            timeline.in(timeline.delay(1, 10_000), () -> {
                if (!troubles.areOver()) {
                    goesOn(job);
                }
            });
        }
    }

    void kill(WorkerNode worker) {
        worker.machine().kill();
        connections.stream().filter(made -> made.isOf(worker)).forEach(Connection::workerDied);
        timeline.in(timeline.delay(200, 8_000), () -> {
            if (!troubles.isForsaken(worker.id())) {
                start(worker.id(), worker.offered());
            }
        });
    }

    private void start(WorkerId id, Resources offered) {
        timeline.tell(id + " starts");
        workers.put(id, new WorkerNode(this, id, offered, timeline.chance(0.3) ? ports : ++ports));
    }

    void reset(WorkerNode worker) {
        connections.stream().filter(made -> made.isOf(worker)).forEach(Connection::reset);
    }

    /** What was held back arrives, unless it still is. */
    void flow() {
        List.copyOf(connections).forEach(Connection::flow);
    }

    void kill(MasterNode master) {
        if (!master.machine().isAlive()) {
            return;
        }
        master.died();
        master.machine().kill();
        masters.remove(master);
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

    MasterNode leader() {
        return leader;
    }

    void startMaster() {
        timeline.tell("a master starts");
        leader = new MasterNode(this);
        masters.add(leader);
    }

    /** Those that live, and may believe that they lead. */
    List<MasterNode> masters() {
        return List.copyOf(masters);
    }

    Collection<WorkerNode> workers() {
        return workers.values();
    }

    List<Client> clients() {
        return clients;
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
        if (client != null && (troubles.areOver() || !timeline.chance(0.1))) {
            timeline.in(latency(), () -> answer.accept(client));
        }
    }

    JobSpec asSubmitted(JobSpec spec) {
        return plant != Plant.REQUESTS_ARE_NOT_REMEMBERED
                ? spec
                : new JobSpec(
                        spec.graph(),
                        spec.program(),
                        spec.requestId() + "~" + ++requests,
                        spec.submitter(),
                        spec.restoreFrom(),
                        spec.restoreMap());
    }

    /** A process waits for the store, and all others live on; one that stands still meanwhile waits longer. */
    void livesOn(Machine machine) {
        if (storeIsSlow || !timeline.chance(faults().storeSlow())) {
            return;
        }
        storeIsSlow = true;
        try {
            long until = timeline.now() + timeline.delay(1, 5_000);
            while (timeline.now() < until || machine.standsStill()) {
                timeline.step();
            }
        } catch (RuntimeException defect) {
            // Must not pass for trouble with the store.
            throw new AssertionError(defect.toString(), defect);
        } finally {
            storeIsSlow = false;
        }
    }

    long latency() {
        return timeline.delay(1, faults().slow());
    }

    boolean duplicates() {
        return timeline.chance(faults().duplicate());
    }

    /** A job begins again. */
    void beginsAgain(RunId run, @Nullable SolsticeError why) {
        if (onlyMastersFail
                && !troubles.leaveSomeAlone()
                && (plant == Plant.NONE || plant.breaks() == Invariant.RUNS_ON)) {
            Invariant.RUNS_ON.holds(
                    why != null && why.code() == ErrorCode.MASTER_RESTARTED, () -> run + " begins again: " + why);
        }
    }

    void sees(Sight sight) {
        sights.merge(sight, 1, Integer::sum);
    }

    Map<Sight, Integer> sights() {
        return sights;
    }

    boolean isRunning() {
        return !over;
    }

    void ends() {
        over = true;
    }

    /** Whether jobs that read without end are not told yet that there is one. */
    boolean isOpenEnded() {
        return openEnded;
    }

    void closes() {
        openEnded = false;
    }

    Troubles troubles() {
        return troubles;
    }

    Faults faults() {
        return troubles.faults();
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

    Archive archive() {
        return archive;
    }

    Archive.Retention retention() {
        return retention;
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

    Progress progress() {
        return progress;
    }
}
