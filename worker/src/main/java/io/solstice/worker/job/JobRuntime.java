package io.solstice.worker.job;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.source.SourceDefinition;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.graph.ChainPlan;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.loop.EventLoop;
import io.solstice.common.protocol.CommitPoint;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.GroupTime;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.StatePlace;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.common.store.ObjectStores;
import io.solstice.exchange.batch.Barrier;
import io.solstice.worker.builtin.Connectors;
import io.solstice.worker.builtin.FlightConnectors;
import io.solstice.worker.code.LoadedProgram;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker holds of one run of a job, from the first command about it to its release. Commands are carried out one
 * at a time, on any thread; metrics may be read by any thread.
 */
final class JobRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(JobRuntime.class);

    private final RunId run;
    private final Surroundings around;
    private final LeftTables left;
    private final Consumer<WorkerReport> reports;
    private final BufferAllocator allocator;
    private @Nullable Loaded loaded;
    private @Nullable EventLoop commits;
    /** One for each attempt of tasks that were deployed here. */
    private final List<TaskGroup> groups = new CopyOnWriteArrayList<>();

    private final AlignedSources aligned = new AlignedSources();
    /** Tasks that were told to end while others go on. */
    private final Set<TaskId> ended = new HashSet<>();
    /** The thread that runs the user's code which makes the job, while it does. */
    private final AtomicReference<@Nullable Thread> loading = new AtomicReference<>();

    /** The job's code, and what finds its connectors. */
    private record Loaded(LoadedProgram program, Connectors connectors) {
        Job job() {
            return program.job();
        }

        SealedOutput sealed() {
            return new SealedOutput(job(), connectors);
        }
    }

    /** @param reports where answers go; must not block */
    JobRuntime(RunId run, Surroundings around, LeftTables left, Consumer<WorkerReport> reports) {
        this.run = run;
        this.around = around;
        this.left = left;
        this.reports = reports;
        this.allocator = around.memory()
                .newChildAllocator("job " + run, 0, around.memory().getLimit());
    }

    /** May wait for disks and networks. Whatever goes wrong is reported. */
    void carryOut(WorkerCommand command) {
        if (command instanceof WorkerCommand.Prepare prepare) {
            prepare(prepare.spec());
        } else if (command instanceof WorkerCommand.Deploy deploy) {
            deploy(deploy);
        } else if (command instanceof WorkerCommand.Commit commit) {
            commitAside(commit);
        } else if (command instanceof WorkerCommand.Release release) {
            release(release.discarded());
        } else if (command instanceof WorkerCommand.EndTasks end) {
            end(Set.copyOf(end.tasks()));
        } else if (command instanceof WorkerCommand.Discard discard) {
            discard(discard.committables());
        } else {
            groups.forEach(group -> steer(group, command));
        }
    }

    private static void steer(TaskGroup group, WorkerCommand command) {
        if (command instanceof WorkerCommand.Start) {
            group.start();
        } else if (command instanceof WorkerCommand.AssignSplits assign) {
            group.assign(assign.task(), assign.splits(), assign.last());
        } else if (command instanceof WorkerCommand.Checkpoint checkpoint) {
            group.checkpoint(new Barrier(checkpoint.epoch(), checkpoint.canonical()), checkpoint.last());
        } else if (command instanceof WorkerCommand.Cancel) {
            group.cancel();
        }
    }

    private Loaded load(JobSpec spec) {
        Loaded there = loaded;
        if (there == null) {
            LoadedProgram program = around.programs().load(spec);
            there = new Loaded(program, new Connectors(program.classes(), around.flight()));
            loaded = there;
        }
        // This thread is of this run alone, and what the job's code finds by it ends with it.
        Thread.currentThread().setContextClassLoader(there.program().classes());
        return there;
    }

    /** The user's code may stand still while it makes or checks the job; this ends it. Called by any thread. */
    void interruptLoading() {
        Thread held = loading.get();
        if (held != null) {
            held.interrupt();
        }
    }

    private <T> T interruptibly(Supplier<T> work) {
        loading.set(Thread.currentThread());
        try {
            return work.get();
        } finally {
            loading.set(null);
            Thread.interrupted();
        }
    }

    /** Checks the job against the outside world. */
    private void prepare(JobSpec spec) {
        try {
            JobPlan checked = interruptibly(() -> {
                Loaded code = load(spec);
                return JobPlan.prepare(code.job(), spec.graph(), code.connectors());
            });
            reports.accept(new WorkerReport.Prepared(
                    run, checked.splits(), SchemaText.write(checked.inputs()), checked.rescalable()));
        } catch (Throwable failure) {
            LOG.debug("run {} cannot begin", run, failure);
            reports.accept(new WorkerReport.PrepareFailed(
                    run, SolsticeException.of(failure).error()));
        }
    }

    private void deploy(WorkerCommand.Deploy command) {
        try {
            makeRoom();
            left.begin(command.restore().states());
            JobSpec spec = command.spec();
            Loaded code = interruptibly(() -> load(spec));
            ChainPlan plan = ChainPlan.of(spec.graph());
            Map<StageId, Schema> inputs = SchemaText.read(command.inputs());
            Beginning beginning = new Beginning(
                    command.restore(), storage(spec, code), new StageKeys(spec.graph(), inputs), isBounded(code));
            beginning.requireFits(plan);
            Deployment deployment = new Deployment(
                    run,
                    RunName.of(run, spec, command.renewal()),
                    code.job(),
                    code.program().classes(),
                    plan,
                    inputs,
                    command.placement(),
                    command.renewal(),
                    command.secret(),
                    around.self(),
                    around.gpus(),
                    around.work(),
                    beginning);
            aligned.deployed(deployment);
            TaskGroup group = new TaskGroup(deployment, allocator, aligned, reports);
            groups.add(group);
            FlightConnectors flight = around.flight();
            if (flight != null && command.renewal().tasks().isEmpty()) {
                flight.admit(run, command.secret());
            }
            group.build(code.connectors(), around.exchange());
            reports.accept(new WorkerReport.Deployed(run));
        } catch (Throwable failure) {
            LOG.debug("run {} could not be deployed", run, failure);
            ended.addAll(command.renewal().tasks());
            SolsticeError error = SolsticeException.of(failure).error().within("job '" + run.job() + "'");
            reports.accept(new WorkerReport.DeployFailed(run, error));
        }
    }

    /** A job that is handed over in one process names its state backend itself. */
    private StateStorage storage(JobSpec spec, Loaded code) {
        Map<String, String> named = spec.program().stateBackend();
        Map<String, String> settings =
                named.isEmpty() ? code.job().stateBackend().toConfig() : named;
        return new StateStorage(run, StatePlace.submission(spec.requestId()), left, () -> ObjectStores.open(settings));
    }

    private static boolean isBounded(Loaded code) throws Exception {
        boolean bounded = true;
        for (Stage stage : code.job().stages()) {
            if (stage.definition() instanceof SourceDefinition source) {
                bounded &= code.connectors().isBounded(source);
            }
        }
        return bounded;
    }

    /** They are to begin again, here or elsewhere; what they hold is given back when others come in their place. */
    private void end(Set<TaskId> ending) {
        groups.forEach(group -> group.end(ending));
        ended.addAll(ending);
    }

    /** A job that runs for months may lose tasks often: what nobody needs of them must not add up. */
    private void makeRoom() {
        groups.forEach(TaskGroup::joinLeft);
        around.exchange().release(channel -> channel.joins(run, ended));
        ended.clear();
        List<TaskGroup> over = groups.stream().filter(TaskGroup::isOver).toList();
        over.forEach(TaskGroup::close);
        groups.removeAll(over);
    }

    private void discard(List<Committable> vain) {
        Loaded code = loaded;
        if (code != null) {
            code.sealed().discard(vain);
        }
    }

    /** Commits take as long as their targets do, and meanwhile the tasks want splits and barriers. */
    private void commitAside(WorkerCommand.Commit command) {
        try {
            Loaded code = load(command.spec());
            EventLoop known = commits;
            EventLoop thread = known == null
                    ? new EventLoop("commit " + run, defect -> LOG.error("a defect in a commit of {}", run, defect))
                    : known;
            commits = thread;
            thread.submit(() -> commit(code, command));
        } catch (Throwable failure) {
            commitFailed(command.point(), failure);
        }
    }

    private void commit(Loaded code, WorkerCommand.Commit command) {
        CommitPoint point = command.point();
        JobSpec spec = command.spec();
        Thread.currentThread().setContextClassLoader(code.program().classes());
        try {
            code.sealed()
                    .commit(
                            command.committables(),
                            stage -> new SinkCommit(
                                    run.job().value(),
                                    stage.value(),
                                    RunName.submission(spec),
                                    RunName.of(run, spec),
                                    point.id().value(),
                                    point.epoch(),
                                    !spec.restoreFrom().isEmpty(),
                                    point.kind() == CommitPoint.Kind.LAST,
                                    point.kind() == CommitPoint.Kind.RECOVERY));
            reports.accept(new WorkerReport.Committed(run, point.epoch()));
        } catch (Throwable failure) {
            commitFailed(point, failure);
        }
    }

    private void commitFailed(CommitPoint point, Throwable failure) {
        LOG.debug("run {} could not commit", run, failure);
        reports.accept(new WorkerReport.CommitFailed(
                run, point.epoch(), commitError(failure).error()));
    }

    private SolsticeException commitError(Throwable failure) {
        SolsticeException coded = SolsticeException.of(failure);
        return coded.code() != ErrorCode.INTERNAL
                ? coded.within("job '" + run.job() + "'")
                : ErrorCode.COMMIT_FAILED
                        .error("the results could not be published")
                        .where("job '" + run.job() + "'")
                        .cause(failure.toString())
                        .help("mend the cause and run the job again; nothing was lost at the source")
                        .toException(failure);
    }

    /** Removes what was sealed in vain, ends threads and gives back all memory. */
    private void release(List<Committable> discarded) {
        try {
            Loaded code = loaded;
            EventLoop committing = commits;
            if (committing != null) {
                committing.close();
            }
            groups.forEach(TaskGroup::release);
            discard(discarded);
            if (!groups.isEmpty()) {
                groups.forEach(TaskGroup::join);
                around.exchange().releaseRun(run);
                FlightConnectors flight = around.flight();
                if (flight != null) {
                    flight.release(run);
                }
                groups.forEach(TaskGroup::close);
            }
            allocator.close();
            if (code != null) {
                code.program().close();
            }
        } catch (Throwable left) {
            LOG.error("run {} left something behind: {}", run, left.toString());
            LOG.debug("left behind", left);
        }
        reports.accept(new WorkerReport.Released(run));
    }

    List<TaskMetrics> metrics() {
        return groups.stream().flatMap(group -> group.metrics().stream()).toList();
    }

    /** Called by any thread. */
    void align(GroupTime others) {
        aligned.elsewhere(others);
    }

    long memoryBytes() {
        return allocator.getAllocatedMemory();
    }
}
