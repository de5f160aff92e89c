package io.solstice.master.cluster;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.RunId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.GroupTime;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerRegistration;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.master.job.Answer;
import io.solstice.master.job.JobCoordinator;
import io.solstice.master.job.JobRules;
import io.solstice.master.job.Moment;
import io.solstice.master.job.Order;
import io.solstice.master.job.StoreAnswer;
import io.solstice.master.journal.JournalEntry;
import io.solstice.master.journal.JournaledState;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides everything that a master decides: who belongs to the cluster, which job runs where, and what becomes of it.
 * Takes events and the time, returns actions; it knows no threads, clocks, files or networks, so whole clusters are
 * simulated with it. Each job is led by its own {@link JobCoordinator}.
 */
public final class ClusterCoordinator {
    private final ClusterSettings settings;
    private final Supplier<String> secrets;
    private final JournaledState journaled;
    private final WorkerRegistry workers = new WorkerRegistry();
    private final JobBook jobs = new JobBook();
    private final Succession succession = new Succession(jobs);
    private final Occupancy occupancy = new Occupancy(workers, jobs);
    private final Admission admission;
    private JobRules rules;
    private Fenced fenced = Fenced.NONE;
    private long lastTickMillis = -1;
    /** Of the last event. */
    private long lastMillis = -1;

    /**
     * @param journaled what earlier masters decided; owned by this object from now on
     * @param secrets makes a new secret for each run
     */
    public ClusterCoordinator(ClusterSettings settings, JournaledState journaled, Supplier<String> secrets) {
        this.settings = settings;
        this.journaled = journaled;
        this.secrets = secrets;
        this.admission = new Admission(settings.schedulingTimeoutMillis());
        this.rules = settings.rules(journaled.term());
    }

    /** Begins a term; to be called once, before any event. What ran under the last master runs on. */
    public List<MasterAction> begin(Moment now) {
        Outcome outcome = new Outcome(journaled, now);
        begin(outcome);
        return outcome.actions();
    }

    private void begin(Outcome outcome) {
        outcome.write(new JournalEntry.TermBegun(outcome.now().wallMillis(), journaled.term() + 1, settings.cluster()));
        rules = settings.rules(journaled.term());
        succession.begin(journaled.jobs().values(), rules, outcome);
    }

    /**
     * A master that stood still for so long that its workers have left it knows no more of them than a new one would,
     * so it begins as a new one does: its workers come again with what they run, and no task begins again.
     */
    private void beginAnew(long millis, Outcome outcome) {
        SolsticeError still = ErrorCode.MASTER_UNREACHABLE.error("the master stood still for " + millis + " ms");
        outcome.warn(still.what() + "; its workers are to register again");
        workers.all().forEach(worker -> outcome.close(worker.session(), still));
        workers.clear();
        jobs.clear();
        outcome.add(new MasterAction.NotCheckpointed(still));
        begin(outcome);
    }

    /** To be called with {@link MasterEvent.Tick} at least, several times within the workers' heartbeat timeout. */
    public List<MasterAction> on(MasterEvent event, Moment now) {
        Outcome outcome = new Outcome(journaled, now);
        long since = lastMillis < 0 ? 0 : now.steadyMillis() - lastMillis;
        lastMillis = now.steadyMillis();
        if (since > settings.heartbeatTimeoutMillis()) {
            beginAnew(since, outcome);
        }
        if (event instanceof MasterEvent.Submit submit) {
            submit(submit, outcome);
        } else if (event instanceof MasterEvent.Cancel cancel) {
            JobEntry job = jobs.submitted(cancel.run());
            if (job != null) {
                decided(job, job.coordinator().cancel(), outcome);
            }
        } else if (event instanceof MasterEvent.Checkpoint checkpoint) {
            checkpoint(checkpoint, outcome);
        } else if (event instanceof MasterEvent.Stored stored) {
            fenced = stored.answer() instanceof StoreAnswer.Fenced ? fenced.checkpoint() : fenced;
            JobEntry job = jobs.submitted(stored.run());
            if (job != null) {
                decided(job, job.coordinator().stored(now, stored.answer()), outcome);
            }
        } else if (event instanceof MasterEvent.Received received) {
            receive(received.session(), received.message(), outcome);
        } else if (event instanceof MasterEvent.Disconnected gone) {
            lose(gone.session(), gone.why(), outcome);
        } else if (event instanceof MasterEvent.Drain drain) {
            WorkerEntry worker = workers.of(drain.worker());
            if (worker != null) {
                worker.drain();
                outcome.send(worker.session(), new MasterMessage.Drain());
                outcome.say("worker " + drain.worker() + " is being drained");
            }
        } else {
            tick(outcome);
        }
        if (jobs.anyWaits()) {
            admission.admit(
                    jobs.all(),
                    occupancy.now(true, null),
                    this::prepare,
                    this::deploy,
                    this::fail,
                    this::restart,
                    this::restartAll,
                    outcome);
        }
        for (RunId run : jobs.forgetAllBut(settings.jobHistory())) {
            outcome.write(new JournalEntry.JobForgotten(now.wallMillis(), run));
        }
        return outcome.actions();
    }

    private void submit(MasterEvent.Submit event, Outcome outcome) {
        JobSpec spec = event.spec();
        RunId before = journaled.requests().get(spec.requestId());
        if (before != null) {
            outcome.add(new MasterAction.Accept(event.request(), before, true));
            return;
        }
        if (jobs.isRunning(spec.job())) {
            SolsticeError exists = ErrorCode.JOB_EXISTS
                    .error("a job '" + spec.job() + "' is running already")
                    .help("choose another job id, or wait for the end of the running job");
            outcome.add(new MasterAction.Reject(event.request(), exists));
            return;
        }
        RunId run = new RunId(spec.job(), journaled.lastGeneration() + 1);
        outcome.write(new JournalEntry.JobAccepted(outcome.now().wallMillis(), run, spec));
        JobEntry job = new JobEntry(new JobCoordinator(run, spec, rules), outcome.now());
        jobs.add(job);
        outcome.add(new MasterAction.Accept(event.request(), run, false));
        outcome.say("job " + run + " was submitted by " + spec.submitter());
        outcome.add(new MasterAction.Publish(job.published()));
        outcome.moved(job);
    }

    private void checkpoint(MasterEvent.Checkpoint event, Outcome outcome) {
        JobEntry job = jobs.submitted(event.run());
        if (job == null) {
            SolsticeError unknown = ErrorCode.JOB_UNKNOWN.error("the master does not keep run " + event.run());
            outcome.add(new MasterAction.Checkpointed(new Answer(event.request(), null, unknown)));
            return;
        }
        List<Order> orders = job.coordinator().checkpoint(outcome.now(), event.request(), event.last());
        decided(job, orders, outcome);
    }

    private void receive(SessionId session, WorkerMessage message, Outcome outcome) {
        if (message instanceof WorkerMessage.Register register) {
            register(session, register.registration(), outcome);
            return;
        }
        WorkerEntry worker = workers.of(session);
        if (worker == null) {
            return;
        }
        worker.heard(outcome.now());
        if (message instanceof WorkerMessage.Heartbeat heartbeat) {
            worker.beat(heartbeat);
            heartbeat.tasks().forEach(metrics -> {
                JobEntry job = jobs.running(metrics.run());
                if (job != null) {
                    job.keep(metrics);
                }
            });
            List<GroupTime> others = GroupTimes.ofOthers(heartbeat, this::metrics);
            outcome.send(session, new MasterMessage.HeartbeatSeen(heartbeat.sequence(), others));
        } else if (message instanceof WorkerMessage.Report report) {
            report(worker.registration().worker(), report.report(), outcome);
        } else {
            outcome.say("worker " + worker.registration().worker() + " at "
                    + worker.registration().endpoint() + " leaves");
            gone(session, left(worker.registration()), outcome);
        }
    }

    private Collection<TaskMetrics> metrics(RunId run) {
        JobEntry job = jobs.running(run);
        return job == null ? List.of() : job.metrics();
    }

    private void report(WorkerId worker, WorkerReport report, Outcome outcome) {
        JobEntry job = jobs.running(report.run());
        if (job != null) {
            decided(job, job.coordinator().on(outcome.now(), worker, report), outcome);
        }
    }

    private void register(SessionId session, WorkerRegistration registration, Outcome outcome) {
        SolsticeError mismatch = Mismatch.of(registration, settings);
        if (mismatch != null) {
            outcome.warn("worker " + registration.worker() + " was refused: " + mismatch.what());
            outcome.send(session, new MasterMessage.Refused(mismatch));
            outcome.close(session, mismatch);
            return;
        }
        WorkerEntry same = workers.of(registration.worker());
        if (same != null && !same.registration().endpoint().equals(registration.endpoint())) {
            outcome.close(session, Mismatch.taken(registration, same.registration()));
            return;
        }
        if (same != null) {
            outcome.close(same.session(), ErrorCode.WORKER_EXISTS.error("the worker has connected again"));
            lose(same.session(), "it connected again", outcome);
        }
        workers.add(new WorkerEntry(session, registration, outcome.now()));
        outcome.say("worker " + registration.worker() + " at " + registration.endpoint() + " is registered and offers "
                + ResourceText.of(registration.offered()));
        List<RunId> kept = succession.kept(registration);
        fenced = registration.held().size() > kept.size() ? fenced.worker() : fenced;
        outcome.send(session, new MasterMessage.Welcome(journaled.term(), kept));
        succession
                .notKept(registration.worker(), kept)
                .forEach(job -> lost(job, registration.worker(), Succession.withoutTasks(registration), outcome));
    }

    private void lose(SessionId session, String why, Outcome outcome) {
        WorkerEntry lost = workers.of(session);
        if (lost != null) {
            outcome.warn("worker " + lost.registration().worker() + " at "
                    + lost.registration().endpoint() + " is lost: " + why);
            gone(session, lost(lost.registration(), why), outcome);
        }
    }

    private static SolsticeError lost(WorkerRegistration worker, String why) {
        return ErrorCode.WORKER_LOST
                .error("worker " + worker.worker() + " was lost")
                .cause(why)
                .help("look at the log of worker " + worker.worker() + " at "
                        + worker.endpoint().host());
    }

    private static SolsticeError left(WorkerRegistration worker) {
        return ErrorCode.WORKER_LOST
                .error("worker " + worker.worker() + " was stopped while it ran part of the job")
                .cause("it was asked to stop and has left in order")
                .help("drain a worker before it is stopped (bin/solstice worker drain " + worker.worker()
                        + ") and stop it when it is DRAINED, so that no job has to begin again");
    }

    private void gone(SessionId session, SolsticeError why, Outcome outcome) {
        WorkerEntry gone = workers.remove(session);
        if (gone == null) {
            return;
        }
        WorkerId id = gone.registration().worker();
        jobs.all().stream().filter(job -> !succession.awaits(job, id)).forEach(job -> lost(job, id, why, outcome));
    }

    private void lost(JobEntry job, WorkerId worker, SolsticeError why, Outcome outcome) {
        SolsticeError there = why.within("job '" + job.coordinator().run().job() + "'");
        decided(job, job.coordinator().workerLost(outcome.now(), worker, there), outcome);
    }

    private void tick(Outcome outcome) {
        long now = outcome.now().steadyMillis();
        long sinceLast = lastTickMillis < 0 ? 0 : now - lastTickMillis;
        lastTickMillis = now;
        boolean stoodStill = sinceLast > settings.heartbeatTimeoutMillis() / 2;
        for (WorkerEntry worker : workers.all()) {
            if (stoodStill) {
                worker.forgive(sinceLast);
            } else if (worker.silentMillis(outcome.now()) > settings.heartbeatTimeoutMillis()) {
                String why = "it has been silent for " + worker.silentMillis(outcome.now()) + " ms";
                outcome.close(worker.session(), ErrorCode.WORKER_LOST.error(why));
                lose(worker.session(), why, outcome);
            }
        }
        succession.missing(outcome.now(), workers::of).forEach((worker, why) -> {
            outcome.warn(why.display());
            jobs.all().forEach(job -> lost(job, worker, why, outcome));
        });
        for (JobEntry job : jobs.all()) {
            WorkerEntry drained = occupancy.toLeave(job);
            if (drained != null) {
                job.coordinator().leave(drained.drained());
            }
            if (!job.coordinator().state().isTerminal()) {
                decided(job, job.coordinator().tick(outcome.now(), job.records()), outcome);
            }
        }
    }

    private void prepare(JobEntry job, WorkerId worker, Outcome outcome) {
        decided(job, job.coordinator().prepareOn(worker), outcome);
    }

    private void deploy(JobEntry job, Scheduler.Verdict.Fits fits, Outcome outcome) {
        int displaced = job.coordinator().displaced().size();
        Placement before = job.coordinator().generation().placement();
        if (displaced > 0 && before != null) {
            job.renew(displaced, outcome.now());
            decided(job, job.coordinator().renew(Placements.of(fits, workers, before.endpoints())), outcome);
            return;
        }
        decided(job, job.coordinator().deploy(Placements.of(fits, workers), secrets.get()), outcome);
    }

    private void fail(JobEntry job, SolsticeError why, Outcome outcome) {
        decided(job, job.coordinator().fail(why), outcome);
    }

    private void restartAll(JobEntry job, SolsticeError why, Outcome outcome) {
        decided(job, job.coordinator().restartAll(why), outcome);
    }

    private void restart(JobEntry job, Moment now, Outcome outcome) {
        long generation = journaled.lastGeneration() + 1;
        RunId run = job.coordinator().run();
        outcome.write(new JournalEntry.JobRestarted(now.wallMillis(), run, generation));
        jobs.restart(job, generation);
        outcome.warn("job " + run + " begins again as generation " + generation);
        outcome.moved(job);
    }

    private void decided(JobEntry job, List<Order> orders, Outcome outcome) {
        outcome.moved(job);
        for (Order order : orders) {
            WorkerEntry worker = workers.of(order.worker());
            if (worker != null) {
                outcome.send(worker.session(), new MasterMessage.Command(order.command()));
            }
        }
    }

    /** What was turned away. */
    public Fenced fenced() {
        return fenced;
    }

    /** Newest first. */
    public List<JobView> jobs() {
        return jobs.views();
    }

    public @Nullable JobView job(RunId run) {
        JobEntry job = jobs.submitted(run);
        return job == null ? null : job.view();
    }

    /** What signs the tickets of a run; null if it is not known or has not been placed under this master. */
    public @Nullable String secret(RunId run) {
        JobEntry job = jobs.submitted(run);
        String secret = job == null ? "" : job.coordinator().generation().secret();
        return secret.isEmpty() ? null : secret;
    }

    /** What happened to a run under this master, oldest first; empty for one that is not known. */
    public List<LogLine> log(RunId run) {
        JobEntry job = jobs.submitted(run);
        return job == null ? List.of() : job.log().lines();
    }

    public List<WorkerView> workers(Moment now) {
        TreeMap<WorkerId, Capacity> capacities = occupancy.now(false, null);
        return workers.all().stream()
                .map(worker -> worker.view(
                        capacities.getOrDefault(
                                worker.registration().worker(),
                                new Capacity(worker.registration().offered())),
                        now))
                .toList();
    }

    /** What survives this master, for comparison with what the journal gives back. */
    public JournaledState journaled() {
        return journaled;
    }
}
