package io.solstice.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.common.graph.Resources;
import io.solstice.common.id.RunId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.RunAccount;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerRegistration;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.master.job.Moment;
import io.solstice.master.journal.JournalEntry;
import io.solstice.master.journal.JournaledState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A master without a network, with its clock and journal: events in, actions out. */
abstract class CoordinatorBench {
    static final ClusterSettings SETTINGS = new ClusterSettings("test", "1", 3_000, 60_000, 3);
    static final Resources TWO_CORES = new Resources(2, 0, 4L << 30);

    final List<JournalEntry> written = new ArrayList<>();
    ClusterCoordinator master = new ClusterCoordinator(SETTINGS, new JournaledState(), () -> "secret");
    long now = 1_000;
    long requests;

    {
        keep(master.begin(moment()));
    }

    Moment moment() {
        return new Moment(now, now);
    }

    List<MasterAction> keep(List<MasterAction> actions) {
        actions.forEach(action -> {
            if (action instanceof MasterAction.Write write) {
                written.add(write.entry());
            }
        });
        assertThat(JournaledState.replay(written)).isEqualTo(master.journaled());
        return actions;
    }

    List<MasterAction> happens(MasterEvent event) {
        return keep(master.on(event, moment()));
    }

    static WorkerRegistration registration(String id, int port, Resources offered) {
        return new WorkerRegistration(
                new WorkerId(id), new Endpoint("localhost", port), offered, "1", "test", List.of());
    }

    List<MasterAction> join(long session, String id, Resources offered) {
        return happens(new MasterEvent.Received(
                new SessionId(session), new WorkerMessage.Register(registration(id, 9_000 + (int) session, offered))));
    }

    List<MasterAction> submit(JobSpec spec) {
        return happens(new MasterEvent.Submit(++requests, spec));
    }

    void report(long session, WorkerReport report) {
        happens(new MasterEvent.Received(new SessionId(session), new WorkerMessage.Report(report)));
    }

    JobView newest() {
        return master.jobs().get(0);
    }

    JobState state(RunId run) {
        return Objects.requireNonNull(master.job(run)).snapshot().state();
    }

    /** Submits, and answers the preparation, so that the job is to be scheduled. */
    RunId prepared(JobSpec spec, long session) {
        submit(spec);
        RunId run = newest().snapshot().run();
        report(session, new WorkerReport.Prepared(run, Map.of(), Map.of(), Set.of()));
        return run;
    }

    List<TaskId> aliveTasks(RunId run) {
        return List.copyOf(Objects.requireNonNull(master.job(run)).aliveTasks());
    }

    static List<SourcePosition> positions(TaskId task) {
        return task.stage().value().equals("source")
                ? List.of(new SourcePosition(task.stage(), 0, 0, SplitStart.NO_TIME))
                : List.of();
    }

    List<MasterAction> nextMaster() {
        master = new ClusterCoordinator(SETTINGS, JournaledState.replay(written), () -> "secret");
        return keep(master.begin(moment()));
    }

    List<MasterAction> comesBack(long session, String id, RunId... held) {
        WorkerRegistration plain = registration(id, 9_000, TWO_CORES);
        WorkerRegistration registration = new WorkerRegistration(
                plain.worker(), plain.endpoint(), plain.offered(), plain.version(), plain.cluster(), List.of(held));
        return happens(new MasterEvent.Received(new SessionId(session), new WorkerMessage.Register(registration)));
    }

    static List<MasterMessage> sent(List<MasterAction> actions) {
        return actions.stream()
                .filter(MasterAction.Send.class::isInstance)
                .map(action -> ((MasterAction.Send) action).message())
                .toList();
    }

    RunId running(String id, int tasks, long... sessions) {
        RunId run = prepared(Specs.job(id, tasks, new Resources(1, 0, 0), "ann"), sessions[0]);
        for (long session : sessions) {
            report(session, new WorkerReport.Deployed(run));
        }
        assertThat(state(run)).isEqualTo(JobState.RUNNING);
        return run;
    }

    /** What a worker has: tasks of the job as they were placed, none of which has ended. */
    WorkerReport account(RunId run, String worker) {
        List<TaskId> alive = new ArrayList<>();
        Objects.requireNonNull(Objects.requireNonNull(master.job(run)).placement())
                .workers()
                .forEach((stage, workers) -> {
                    for (int i = 0; i < workers.size(); i++) {
                        if (workers.get(i).value().equals(worker)) {
                            alive.add(new TaskId(run.job(), stage, i));
                        }
                    }
                });
        return new WorkerReport.Kept(run, new RunAccount(alive, 0, false, List.of(), List.of()));
    }
}
