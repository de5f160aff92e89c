package io.solstice.worker.control;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides for a worker: keeps it registered with its master, and leads each run that it holds through its life, which
 * {@link RunPhase} draws. Takes events and the time, gives actions; nothing else happens here.
 *
 * <p>While there is no link, tasks go on. What is held is named at the next registration, and the master's welcome says
 * what of it is wanted: nothing by a master that took the worker for lost, all that is running by one that is new, which
 * is then told all that it has to know. A worker that nobody welcomes lets go of everything in the end.
 */
public final class WorkerCoordinator {
    /** The exit code of a worker that does not fit its cluster: a configuration error, as in sysexits.h. */
    public static final int EXIT_REFUSED = 78;

    private static final long RELEASE_PATIENCE_MILLIS = 10_000;
    /** So long tasks go on without a master; others may do their work by then. */
    private static final long ALONE_PATIENCE_MILLIS = 600_000;

    private static final int REMEMBERED_JOBS = 4_096;

    private final WorkerProfile self;
    private final List<WorkerAction> out = new ArrayList<>();
    private final MasterLink link;
    private final Map<RunId, HeldRun> runs = new LinkedHashMap<>();
    /** The newest generation of each job that was here, so that a late command does not bring an old run back. */
    private final Map<JobId, Long> newest = new LinkedHashMap<>();

    private WorkerAction.@Nullable Exit exit;
    private long exitBy;
    private boolean exited;

    /** @param random for the spread of attempts to connect */
    public WorkerCoordinator(WorkerProfile self, LinkTimes times, Random random) {
        this.self = self;
        this.link = new MasterLink(self, times, random, out);
    }

    /** @param nowMillis on a clock that never goes back */
    public List<WorkerAction> on(WorkerEvent event, long nowMillis) {
        if (!exited) {
            decide(event, nowMillis);
            exitIfDone(nowMillis);
        }
        List<WorkerAction> decided = List.copyOf(out);
        out.clear();
        return decided;
    }

    /** Runs that this worker holds something of, in the order in which they came. */
    public List<RunId> held() {
        return List.copyOf(runs.keySet());
    }

    /** Tasks of a run that have not ended. */
    public Set<TaskId> aliveTasks(RunId run) {
        HeldRun held = runs.get(run);
        return held == null ? Set.of() : held.alive();
    }

    /** Where a run is, or null if it is not here. */
    public @Nullable RunPhase phaseOf(RunId run) {
        HeldRun held = runs.get(run);
        return held == null ? null : held.phase();
    }

    public LinkPhase link() {
        return link.phase();
    }

    /** {@code CONNECTED}, or why it is not. */
    public String linkInWords() {
        return link.inWords();
    }

    /** Of the master that was last followed; 0 before there was one. */
    public long term() {
        return Math.max(0, link.term());
    }

    /** How many masters were turned away because this worker had followed one that came after them. */
    public int fencedMasters() {
        return link.fenced();
    }

    /** Tasks of all runs that have not ended, job by job. */
    public List<TaskId> aliveTasks() {
        return runs.values().stream()
                .flatMap(run -> run.alive().stream().sorted())
                .toList();
    }

    private void decide(WorkerEvent event, long now) {
        if (event instanceof WorkerEvent.Tick) {
            link.tick(now, wantedRuns());
            if (link.aloneMillis(now) > ALONE_PATIENCE_MILLIS) {
                giveUp();
            }
        } else if (event instanceof WorkerEvent.Received received) {
            if (link.isCurrent(received.link())) {
                link.heard(now);
                received(received.message(), now);
            }
        } else if (event instanceof WorkerEvent.LinkClosed closed) {
            if (link.isCurrent(closed.link())) {
                link.lost(closed.why(), now);
            }
        } else if (event instanceof WorkerEvent.Reported reported) {
            reported(reported.report(), now);
        } else {
            leave(new WorkerAction.Exit(0, null), now);
        }
    }

    private void received(MasterMessage message, long now) {
        if (message instanceof MasterMessage.Welcome welcome) {
            if (link.welcome(welcome.term(), now)) {
                // Nothing late can come over a new link, and a run that was let go may be given to this worker again.
                newest.clear();
                releaseAllBut(Set.copyOf(welcome.kept()));
                welcome.kept().forEach(this::giveAccount);
            }
        } else if (message instanceof MasterMessage.Refused refused) {
            refused(refused.error(), now);
        } else if (message instanceof MasterMessage.HeartbeatSeen seen) {
            if (!seen.others().isEmpty()) {
                out.add(new WorkerAction.Align(seen.others()));
            }
        } else if (message instanceof MasterMessage.Drain) {
            link.drain();
        } else if (message instanceof MasterMessage.Command command && link.phase() == LinkPhase.JOINED) {
            command(command.command());
        }
    }

    /** A run that went on without a master. */
    private void giveAccount(RunId kept) {
        HeldRun run = runs.get(kept);
        if (run != null && run.phase() != RunPhase.RELEASING) {
            newest.put(kept.job(), kept.generation());
            run.account().forEach(report -> link.send(new WorkerMessage.Report(report)));
        }
    }

    private void refused(SolsticeError error, long now) {
        out.add(new WorkerAction.Say(
                WorkerAction.Level.WARN, "the master at " + self.master() + " refuses this worker: " + error.what()));
        leave(new WorkerAction.Exit(EXIT_REFUSED, error), now);
    }

    private void command(WorkerCommand command) {
        RunId id = command.run();
        HeldRun run = runs.get(id);
        if (run == null && command instanceof WorkerCommand.Release) {
            link.send(new WorkerMessage.Report(new WorkerReport.Released(id)));
        } else if (run != null && run.isReleasedQuietly()) {
            run.defer(command);
        } else if (run != null) {
            out.addAll(run.on(command, self.worker()));
        } else if (HeldRun.mayBeginWith(command) && isNewest(id)) {
            endOlderRuns(id);
            HeldRun begun = new HeldRun(id);
            runs.put(id, begun);
            out.addAll(begun.on(command, self.worker()));
        }
    }

    private boolean isNewest(RunId run) {
        Long known = newest.get(run.job());
        if (known != null && known >= run.generation()) {
            return false;
        }
        newest.put(run.job(), run.generation());
        if (newest.size() > REMEMBERED_JOBS) {
            newest.remove(newest.keySet().iterator().next());
        }
        return true;
    }

    private void endOlderRuns(RunId newer) {
        for (HeldRun run : runs.values()) {
            if (run.run().job().equals(newer.job())) {
                out.addAll(run.releaseQuietly());
            }
        }
    }

    private void releaseAllBut(Set<RunId> kept) {
        for (HeldRun run : runs.values()) {
            if (!kept.contains(run.run())) {
                out.addAll(run.releaseQuietly());
            }
        }
    }

    private void reported(WorkerReport report, long now) {
        HeldRun run = runs.get(report.run());
        if (run == null) {
            return;
        }
        RunPhase before = run.phase();
        boolean tell = run.on(report);
        if (run.phase() == RunPhase.ENDED && before != RunPhase.ENDED) {
            // The last word on what its tasks did; the run may be over before the next regular heartbeat.
            link.heartbeat(now);
        }
        if (tell) {
            link.send(new WorkerMessage.Report(report));
        }
        if (report instanceof WorkerReport.Released) {
            runs.remove(report.run());
            out.add(new WorkerAction.Forget(report.run()));
            if (exit == null) {
                run.deferred().forEach(this::command);
            }
        }
    }

    private void giveUp() {
        List<RunId> wanted = wantedRuns();
        if (!wanted.isEmpty()) {
            out.add(new WorkerAction.Say(
                    WorkerAction.Level.WARN,
                    "no master has come for " + ALONE_PATIENCE_MILLIS / 60_000 + " minutes; lets go of " + wanted));
            releaseAllBut(Set.of());
        }
    }

    private List<RunId> wantedRuns() {
        return runs.values().stream()
                .filter(run -> run.phase() != RunPhase.RELEASING)
                .map(HeldRun::run)
                .toList();
    }

    private void leave(WorkerAction.Exit how, long now) {
        if (exit == null) {
            exit = how;
            exitBy = now + RELEASE_PATIENCE_MILLIS;
            link.leave();
            releaseAllBut(Set.of());
        }
    }

    /** Gives what it holds back first, unless that takes too long. */
    private void exitIfDone(long now) {
        if (exit != null && (runs.isEmpty() || now >= exitBy)) {
            exited = true;
            out.add(exit);
        }
    }
}
