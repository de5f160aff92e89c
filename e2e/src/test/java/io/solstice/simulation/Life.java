package io.solstice.simulation;

import io.solstice.common.id.JobId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.JobState;
import io.solstice.master.cluster.WorkerView;
import io.solstice.master.job.Manifest;
import io.solstice.master.journal.JournalEntry.KeptJob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * How a world goes: through its troubles, then until all that can be expected of it has come about. After the troubles
 * either everything is well again, or only as much as must be: the newest master, some of the workers, and the store.
 */
final class Life {
    /** So long after the troubles every job must be on its way. */
    private static final long RECOVERY_MILLIS = 60_000;
    /** Nothing takes longer then: no move of a job, no checkpoint with the publication of its output. */
    private static final long STEP_MILLIS = 30_000;
    /** Until nobody is left who writes for a run that is over. */
    private static final long SILENCE_MILLIS = 15_000;

    private static final long PATIENCE_MILLIS = 180_000;

    private final World world;
    private final Timeline timeline;
    private final long seed;
    private Invariant liveness = Invariant.LIVE;

    Life(long seed, Plant plant) {
        this.seed = seed;
        this.world = new World(seed, plant);
        this.timeline = world.timeline();
    }

    World world() {
        return world;
    }

    void live() {
        try {
            goThroughTroubles();
            recover();
            leaveNothing();
            checkEnd();
        } catch (Invariant.Broken broken) {
            throw broken.at(timeline.steps(), seed);
        }
    }

    private void goThroughTroubles() {
        long end = timeline.now() + World.TROUBLE_MILLIS;
        while (timeline.now() < end) {
            timeline.step();
        }
        boolean few = world.plant() == Plant.NONE
                ? timeline.chance(0.3)
                : world.plant().breaks() == Invariant.LIVE_WITH_FEW;
        liveness = few ? Invariant.LIVE_WITH_FEW : Invariant.LIVE;
        world.troubles().end(few ? unlucky() : Set.of());
    }

    /** All workers but a few. */
    private Set<WorkerId> unlucky() {
        world.sees(Sight.FEW_ARE_WELL);
        Set<WorkerId> all = new TreeSet<>();
        world.workers().forEach(worker -> all.add(worker.id()));
        List<WorkerId> order = new ArrayList<>(all);
        int well = 1 + timeline.random().nextInt(Math.max(1, order.size() - 1));
        while (all.size() > Math.max(0, order.size() - well)) {
            all.remove(order.get(timeline.random().nextInt(order.size())));
        }
        return all;
    }

    private void recover() {
        long healed = timeline.now();
        await(() -> timeline.now() >= healed + RECOVERY_MILLIS || isCalm());
        checkLiveliness();
        running().forEach(job -> world.sees(Sight.LIVE_JOB));
        world.closes();
        long[] nextLook = {timeline.now()};
        await(() -> {
            if (timeline.now() >= nextLook[0] && timeline.now() >= healed + RECOVERY_MILLIS) {
                nextLook[0] += 1_000;
                checkLiveliness();
            }
            return isCalm() && timeline.now() >= healed + SILENCE_MILLIS;
        });
    }

    private void await(BooleanSupplier what) {
        long patience = timeline.now() + PATIENCE_MILLIS;
        while (!what.getAsBoolean()) {
            if (timeline.now() > patience) {
                boolean allEnded = unfinished().isEmpty();
                throw (allEnded ? Invariant.I8 : liveness).broken(whatIsLeft());
            }
            timeline.step();
        }
    }

    private Collection<KeptJob> jobs() {
        return world.journal().sum().jobs().values();
    }

    private List<KeptJob> unfinished() {
        return jobs().stream().filter(job -> !job.last().state().isTerminal()).toList();
    }

    private List<KeptJob> running() {
        return jobs().stream()
                .filter(job -> job.last().state() == JobState.RUNNING)
                .toList();
    }

    private boolean isWell(WorkerNode worker) {
        return !world.troubles().isForsaken(worker.id());
    }

    private boolean isCalm() {
        return world.clients().stream().allMatch(Client::isAnswered)
                && unfinished().isEmpty()
                && world.workers().stream()
                        .allMatch(worker -> !isWell(worker) || worker.held().isEmpty());
    }

    private String whatIsLeft() {
        List<Object> left = new ArrayList<>();
        unfinished().forEach(job -> left.add(job.run() + " is " + job.last().state()));
        world.workers().forEach(worker -> left.add(worker.id() + " holds " + worker.held()));
        return "nothing hangs, but " + left;
    }

    /** Every job has moved lately, or runs and publishes; one may wait for room that others have. */
    private void checkLiveliness() {
        for (KeptJob job : unfinished()) {
            boolean moved = isRecent(world.journal().lastMove(job.run()));
            boolean waits =
                    job.last().state() == JobState.SCHEDULING && !running().isEmpty();
            boolean publishes = job.last().state() == JobState.RUNNING
                    && publishes(job.run().job());
            liveness.holds(
                    moved || waits || publishes,
                    () -> job.run() + " has been " + job.last().state() + " since "
                            + world.journal().lastMove(job.run()) + " without publishing");
        }
    }

    private boolean isRecent(long millis) {
        return millis > timeline.now() - STEP_MILLIS;
    }

    private boolean publishes(JobId job) {
        Manifest newest = world.archive().newest(job);
        return newest != null
                && isRecent(newest.millis())
                && world.archive().canonical(job).stream()
                        .allMatch(
                                one -> isRecent(one.millis()) || world.ledger().isPublished(one));
    }

    /** Every job that has a checkpoint goes on with it to its end, and clears up. */
    private void leaveNothing() {
        List<Client> before = List.copyOf(world.clients());
        before.stream().filter(client -> !client.isAgain()).forEach(client -> world.goesOn(client.job()));
        await(() -> isCalm() && world.leader().isDoneWithTheStore());
        for (KeptJob job : jobs()) {
            boolean isNew = before.stream()
                    .noneMatch(client ->
                            client.job().spec().requestId().equals(job.spec().requestId()));
            if (isNew && job.last().state() == JobState.FINISHED) {
                world.archive().checkNothingIsLeft(job.run().job());
            }
        }
    }

    private void checkEnd() {
        world.ends();
        world.journal().checkReplay();
        jobs().forEach(job -> world.ledger().checkEnd(job.run(), job.spec().requestId(), job.last()));
        Invariant.I11.holds(
                jobs().size() == world.clients().size(),
                () -> world.clients().size() + " requests made " + jobs().size() + " runs");
        for (WorkerView worker : world.leader().workers()) {
            Invariant.I8.holds(
                    worker.reserved().numCpus() == 0
                            && worker.reserved().numGpus() == 0
                            && worker.reserved().memoryBytes() == 0,
                    () -> worker + " has something reserved when all jobs have ended");
        }
    }

    /** How the jobs ended. */
    Map<String, Long> ends() {
        Map<String, Long> ends = new TreeMap<>();
        jobs().forEach(job -> {
            String error =
                    job.last().error() == null ? "" : " " + job.last().error().code();
            ends.merge(job.last().state() + error, 1L, Long::sum);
        });
        return ends;
    }
}
