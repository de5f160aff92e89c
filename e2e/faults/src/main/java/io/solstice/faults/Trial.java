package io.solstice.faults;

import io.solstice.api.JobContext;
import io.solstice.api.JobHandle;
import io.solstice.api.StateBackend;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.faults.check.Account;
import io.solstice.faults.check.CheckpointFolder;
import io.solstice.faults.check.JsonFiles;
import io.solstice.faults.check.Kind;
import io.solstice.faults.check.LanceRows;
import io.solstice.faults.check.Ledger;
import io.solstice.faults.check.Leftovers;
import io.solstice.faults.check.OutputWatch;
import io.solstice.faults.rig.Node;
import io.solstice.faults.rig.Rig;
import io.solstice.faults.rig.Wait;
import io.solstice.faults.workload.FaultWorkflow;
import io.solstice.faults.workload.Load;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One run: a cluster is started, a job runs under a schedule of faults, and what it left is accounted for. */
final class Trial {
    private static final String JOB = "faults";
    private static final Duration CHECKPOINT_LIMIT = Duration.ofSeconds(90);
    private static final Duration END_LIMIT = Duration.ofSeconds(180);
    private static final Duration TIDY_LIMIT = Duration.ofSeconds(10);
    private static final int LOG_LINES = 40;

    private final Settings settings;
    private final Load load;
    private final Schedule schedule;
    private final Places places;
    private final Path output;
    private final PrintStream out;
    private final CheckpointFolder checkpoints;
    private final Account account = new Account();
    private final List<Incident> incidents = new ArrayList<>();
    private final List<String> footprints = new ArrayList<>();
    private final List<String> vacuous = new ArrayList<>();
    private final long begun = Clock.SYSTEM.monotonicNanos();
    private long accounted;
    private boolean finished;

    Trial(Settings settings, Load load, Schedule schedule, Path folder, PrintStream out) {
        this.settings = settings;
        this.load = load;
        this.schedule = schedule;
        this.places = new Places(folder, settings.shape().s3());
        this.output = places.output();
        this.out = out;
        this.checkpoints = new CheckpointFolder(places.checkpoints(), JOB);
    }

    Outcome run() throws Exception {
        Files.createDirectories(output);
        List<String> log;
        Set<Rig.Gear> gear = EnumSet.noneOf(Rig.Gear.class);
        gear.addAll(schedule.gear());
        if (settings.shape().s3()) {
            gear.add(Rig.Gear.S3);
        }
        Shape shape = settings.shape();
        try (Rig rig = new Rig(
                settings.home(), places.cluster(), shape.masters(), shape.workers(), gear, settings.measure())) {
            Footprints before = Footprints.of(rig);
            underFaults(rig);
            revive(rig);
            checkCluster(rig);
            footprints.addAll(before.check(rig.processes(), account));
            rig.stop().forEach((name, code) -> account.add(Kind.PROCESS, name + " ended with " + code));
            checkTemporary(rig);
            log = rig.logLines(LOG_LINES, " ERROR ", " WARN ", "error[SOL-");
        }
        checkOutput();
        return new Outcome(
                load.seed(),
                seconds(Clock.SYSTEM.monotonicNanos()),
                schedule,
                incidents,
                account,
                load.parts() * load.rows(),
                accounted,
                checkpoints.newestPublished(),
                footprints,
                vacuous,
                log,
                places.folder());
    }

    private void underFaults(Rig rig) throws Exception {
        StateBackend state = places.s3()
                ? rig.store().backend()
                : new LocalStateBackend(places.checkpoints().toString());
        JobContext context = new JobContext(JOB, load.toConfig(), state);
        Account seen = new Account();
        OutputWatch watch =
                new OutputWatch(FaultWorkflow.files(output), FaultWorkflow.table(output), checkpoints, seen);
        try (SolsticeClient client = rig.connect();
                Watcher watcher = new Watcher(watch, seen)) {
            JobHandle job = client.submit(FaultWorkflow.class, context);
            for (Schedule.Entry entry : schedule.entries()) {
                if (!isReady(job, entry)) {
                    break;
                }
                long generation = checkpoints.newestGeneration();
                Progress progress = settings.measure() ? new Progress(rig, JOB, checkpoints) : null;
                Done done;
                if (entry.fault() instanceof Fault.Damage damage) {
                    Damager.Result result = new Damager(rig, client, context, checkpoints, account).inject(damage, job);
                    done = result.done();
                    job = result.job();
                } else {
                    done = new Injector(rig, JOB, places).inject(entry.fault());
                }
                if (!goesOn(job, watcher, entry, done, generation, progress)) {
                    break;
                }
                revive(rig);
                rig.awaitAllActive();
            }
            // Enough has happened: what is left is generated as fast as can be.
            Files.createFile(load.hurry());
            awaitEnd(job);
            account.addAll(watcher.end());
        }
    }

    /** A master that could not be a leader for a while has ended if another one became it meanwhile. */
    private void revive(Rig rig) throws IOException, InterruptedException {
        if (settings.shape().masters() > 1) {
            rig.masters()
                    .revive()
                    .forEach(node -> out.println("  " + node.name() + " was fenced, and stands by again"));
        }
    }

    /** Waits until a fault makes sense; false if none does any more. */
    private boolean isReady(JobHandle job, Schedule.Entry entry) throws Exception {
        if (!awaitCheckpoint(job)) {
            return false;
        }
        Wait.pause(entry.after());
        if (isOver(job)) {
            vacuous.add("the job was over before: " + entry);
            return false;
        }
        return true;
    }

    /** Waits for what must come of a fault, and notes it. @return whether it makes sense to go on */
    private boolean goesOn(
            JobHandle job,
            Watcher watcher,
            Schedule.Entry entry,
            Done done,
            long generation,
            @Nullable Progress progress)
            throws Exception {
        boolean again = Wait.until(CHECKPOINT_LIMIT, () -> isOver(job) || recovered(watcher, done, generation) != null);
        OutputWatch.Growth growth = recovered(watcher, done, generation);
        boolean restarted = growth != null && growth.generation() > generation;
        double recovery = growth == null ? -1 : (growth.nanos() - done.nanos()) / 1e9;
        if (progress != null) {
            progress.close();
        }
        Incident incident = new Incident(
                entry.kind(),
                seconds(done.nanos()),
                done.text(),
                done.bit(),
                done.effect(),
                (done.healed() - done.nanos()) / 1e9,
                progress == null ? null : progress.since(done.nanos()),
                recovery,
                restarted);
        incidents.add(incident);
        out.println("  " + incident);
        if (!done.bit()) {
            vacuous.add("did not bite: " + done.text());
        }
        if (!again) {
            account.add(Kind.STUCK, "no new output within " + CHECKPOINT_LIMIT.toSeconds() + " s after " + done.text());
        }
        if (growth != null && restarted && done.effect() == Done.Effect.NO_RESTART) {
            account.add(Kind.RESTARTED, "generation " + growth.generation() + " after " + done.text());
        }
        return again && !isOver(job);
    }

    /** The first output after a fault that owes nothing to the time before it; null if there is none yet. */
    private static OutputWatch.@Nullable Growth recovered(Watcher watcher, Done done, long generation) {
        return watcher.growths().stream()
                .filter(growth -> growth.nanos() > done.healed())
                .filter(growth -> !done.expectsRestart() || growth.generation() > generation)
                .findFirst()
                .orElse(null);
    }

    /** Waits for a checkpoint that began after now. */
    private boolean awaitCheckpoint(JobHandle job) throws Exception {
        long before = checkpoints.newestPublished();
        boolean came = Wait.until(CHECKPOINT_LIMIT, () -> isOver(job) || checkpoints.newestPublished() > before + 1);
        if (!came) {
            account.add(Kind.STUCK, "no two checkpoints within " + CHECKPOINT_LIMIT.toSeconds() + " s");
        }
        return came;
    }

    private static boolean isOver(JobHandle job) {
        return job.getStatus().state().isTerminal();
    }

    private void awaitEnd(JobHandle job) throws InterruptedException {
        try {
            job.await(END_LIMIT);
            finished = true;
        } catch (SolsticeException failed) {
            boolean over = isOver(job);
            account.add(over ? Kind.FAILED : Kind.STUCK, failed.error().toString());
            if (!over) {
                job.cancel();
            }
        }
    }

    private void checkCluster(Rig rig) throws InterruptedException {
        for (Node node : rig.processes()) {
            if (!node.isAlive()) {
                account.add(Kind.PROCESS, node.name() + " has ended by itself; see " + node.log());
            }
        }
        if (!Wait.until(TIDY_LIMIT, () -> ClusterCheck.of(rig.workerList()).isClean())) {
            account.addAll(ClusterCheck.of(rig.workerList()));
        }
    }

    private void checkTemporary(Rig rig) throws IOException {
        for (Node node : rig.processes()) {
            node.temporaryFiles()
                    .forEach(file -> account.add(Kind.LEFT_BEHIND, file + ", temporary, of " + node.name()));
        }
    }

    private void checkOutput() throws IOException {
        Path files = FaultWorkflow.files(output);
        Path table = FaultWorkflow.table(output);
        Ledger inFiles = new Ledger("files", load.seed(), load.parts(), load.rows(), account);
        JsonFiles.read(files, inFiles);
        accounted = closed(inFiles);
        if (load.ballastBytes() == 0) {
            Ledger inTable = new Ledger("table", load.seed(), load.parts(), load.rows(), account);
            LanceRows.read(table, inTable);
            accounted += closed(inTable);
        }
        boolean disturbed = incidents.stream().anyMatch(Incident::disturbs);
        Leftovers.check(output, files, table, disturbed, account);
        checkpoints.check(disturbed, account);
    }

    /** @return the rows that were read */
    private long closed(Ledger ledger) {
        if (finished) {
            ledger.close();
        }
        return ledger.read();
    }

    private double seconds(long nanos) {
        return (nanos - begun) / 1e9;
    }
}
