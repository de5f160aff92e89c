package io.solstice.faults;

import io.solstice.api.StateBackend;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.faults.check.Account;
import io.solstice.faults.check.Kind;
import io.solstice.faults.check.OutputWatch;
import io.solstice.faults.rig.Node;
import io.solstice.faults.rig.Rig;
import io.solstice.faults.rig.Wait;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One run: a cluster is started, jobs run under a schedule of faults, and what they left is accounted for. */
final class Trial {
    private static final Duration CHECKPOINT_LIMIT = Duration.ofSeconds(90);
    /** Longer, since all jobs start at once. */
    private static final Duration READY_LIMIT = Duration.ofSeconds(180);

    private static final Duration TIDY_LIMIT = Duration.ofSeconds(10);
    private static final int LOG_LINES = 40;

    private final Settings settings;
    private final long seed;
    private final Schedule schedule;
    private final Places places;
    private final PrintStream out;
    private final List<Course> courses = new ArrayList<>();
    private final Account account = new Account();
    private final List<Incident> incidents = new ArrayList<>();
    private final List<String> footprints = new ArrayList<>();
    private final List<String> vacuous = new ArrayList<>();
    private final long begun = Clock.SYSTEM.monotonicNanos();
    private long accounted;

    Trial(Settings settings, long seed, Schedule schedule, Path folder, PrintStream out) {
        this.settings = settings;
        this.seed = seed;
        this.schedule = schedule;
        this.places = new Places(folder, settings.shape().s3());
        this.out = out;
    }

    Outcome run() throws Exception {
        Files.createDirectories(places.output());
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
                seed,
                seconds(Clock.SYSTEM.monotonicNanos()),
                schedule,
                incidents,
                account,
                courses.stream().mapToLong(Course::rows).sum(),
                accounted,
                checkpoints(),
                footprints,
                vacuous,
                log,
                places.folder());
    }

    private long checkpoints() throws IOException {
        long all = 0;
        for (Course course : courses) {
            all += course.checkpoints().newestPublished();
        }
        return all;
    }

    private void underFaults(Rig rig) throws Exception {
        StateBackend state = places.s3()
                ? rig.store().backend()
                : new LocalStateBackend(places.checkpoints().toString());
        try (SolsticeClient client = rig.connect();
                Courses jobs = new Courses(settings, seed, places, state, client)) {
            courses.addAll(jobs.all());
            boolean rescaled = false;
            for (Schedule.Entry entry : schedule.entries()) {
                if (!isReady(jobs, entry)) {
                    break;
                }
                jobs.remember(rig);
                requirePlaces(rig, jobs);
                Course main = jobs.main();
                Progress progress =
                        settings.measure() ? new Progress(rig, main.workload().job(), main.checkpoints()) : null;
                if (!goesOn(jobs, entry, inject(rig, client, main, entry.fault()), progress)) {
                    break;
                }
                revive(rig);
                rig.awaitAllActive();
                if (!rescaled && !jobs.others().isEmpty()) {
                    rescale(
                            rig,
                            jobs.others().get(Math.floorMod(seed, jobs.others().size())));
                    rescaled = true;
                }
            }
            // Enough has happened.
            jobs.awaitEnd(account);
        }
    }

    private Done inject(Rig rig, SolsticeClient client, Course main, Fault fault) throws Exception {
        if (fault instanceof Fault.Damage damage) {
            Damager.Result result =
                    new Damager(rig, client, main.again(), main.checkpoints(), account).inject(damage, main.job());
            main.goesOnAs(result.job());
            return result.done();
        }
        return new Injector(rig, main.workload().job(), places).inject(fault);
    }

    /** A run with a store that was not to be had proves nothing of it. */
    private void requirePlaces(Rig rig, Courses jobs) {
        for (Course course : jobs.all()) {
            for (String other : course.otherPlaces(rig)) {
                if (!vacuous.contains(other)) {
                    vacuous.add(other);
                }
            }
        }
    }

    /** A job that keeps state goes on with another number of tasks. */
    private void rescale(Rig rig, Course course) throws Exception {
        if (course.isOver()) {
            vacuous.add(course.workload().job() + " was over before it could go on with another number of tasks");
            return;
        }
        try {
            String text = course.rescale(settings.backends(seed).later());
            out.println(String.format(Locale.ROOT, "  %7.2f s  %s", seconds(Clock.SYSTEM.monotonicNanos()), text));
            if (!Wait.until(CHECKPOINT_LIMIT, () -> course.hasItsTasks(rig))) {
                vacuous.add("not seen: " + text);
            }
        } catch (SolsticeException refused) {
            account.add(Kind.FAILED, course.workload().job() + " with another number of tasks: " + refused.error());
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
    private boolean isReady(Courses jobs, Schedule.Entry entry) throws Exception {
        jobs.count();
        if (!Wait.until(READY_LIMIT, jobs::haveCheckpoints)) {
            account.add(Kind.STUCK, "no two checkpoints of each job within " + READY_LIMIT.toSeconds() + " s");
            return false;
        }
        Wait.pause(entry.after());
        for (Course course : jobs.all()) {
            if (course.isOver()) {
                vacuous.add(course.workload().job() + " was over before: " + entry);
            }
        }
        return !jobs.main().isOver();
    }

    /** Waits for what must come of a fault, and notes it. @return whether it makes sense to go on */
    private boolean goesOn(Courses jobs, Schedule.Entry entry, Done done, @Nullable Progress progress)
            throws Exception {
        boolean again = Wait.until(CHECKPOINT_LIMIT, () -> jobs.haveRecovered(done));
        Course main = jobs.main();
        OutputWatch.Growth growth = main.recovered(done);
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
                growth == null ? -1 : (growth.nanos() - done.nanos()) / 1e9,
                main.isLater(growth),
                jobs.others().stream()
                        .filter(course -> course.isLater(course.recovered(done)))
                        .map(course -> course.workload().job())
                        .toList());
        incidents.add(incident);
        out.println("  " + incident);
        if (!done.bit()) {
            vacuous.add("did not bite: " + done.text());
        }
        jobs.all().forEach(course -> judge(course, done));
        return again && !main.isOver();
    }

    private void judge(Course course, Done done) {
        String name = course.workload().job();
        OutputWatch.Growth growth = course.recovered(done);
        if (growth == null && !course.isOver()) {
            account.add(
                    Kind.STUCK,
                    "no new output of " + name + " within " + CHECKPOINT_LIMIT.toSeconds() + " s after " + done.text());
        }
        if (growth != null && course.isLater(growth) && done.effect() == Done.Effect.NO_RESTART) {
            account.add(Kind.RESTARTED, "generation " + growth.generation() + " of " + name + " after " + done.text());
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
            node.stores().forEach(store -> account.add(Kind.LEFT_BEHIND, store + ", a store, of " + node.name()));
        }
    }

    private void checkOutput() throws IOException {
        boolean disturbed = incidents.stream().anyMatch(Incident::disturbs);
        for (Course course : courses) {
            accounted += course.check(places.deadLetters(), disturbed, account, vacuous);
        }
    }

    private double seconds(long nanos) {
        return (nanos - begun) / 1e9;
    }
}
