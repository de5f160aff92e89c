package io.solstice.common.wire;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.CheckpointPolicy;
import io.solstice.common.graph.Edge;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.Parallelism;
import io.solstice.common.graph.Partitioning;
import io.solstice.common.graph.Resources;
import io.solstice.common.graph.StageNode;
import io.solstice.common.graph.StageRole;
import io.solstice.common.graph.StatePolicy;
import io.solstice.common.graph.StateStore;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.JobId;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.CommitPoint;
import io.solstice.common.protocol.Committable;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.FrequentKey;
import io.solstice.common.protocol.GroupTime;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.Placement;
import io.solstice.common.protocol.Program;
import io.solstice.common.protocol.Renewal;
import io.solstice.common.protocol.RestorePoint;
import io.solstice.common.protocol.RunAccount;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitPosition;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.StateObject;
import io.solstice.common.protocol.StateUse;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.TaskSnapshot;
import io.solstice.common.protocol.TaskTime;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerRegistration;
import io.solstice.common.protocol.WorkerReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Any record that may travel, from a seed. */
final class RandomRecords {
    private static final String ID = "abcXYZ019._-";
    private static final String[] TEXT = {"a", "Z", " ", "\n", "\0", "é", "漢", "🌞", "'", "#"};

    private final Random random;

    RandomRecords(long seed) {
        this.random = new Random(seed);
    }

    WorkerMessage workerMessage() {
        return switch (random.nextInt(4)) {
            case 0 ->
                new WorkerMessage.Register(
                        new WorkerRegistration(worker(), endpoint(), resources(), id(), text(), list(this::run)));
            case 1 -> new WorkerMessage.Heartbeat(random.nextLong(), count(), list(this::metrics));
            case 2 -> new WorkerMessage.Report(report());
            default -> new WorkerMessage.Leaving();
        };
    }

    MasterMessage masterMessage() {
        return switch (random.nextInt(5)) {
            case 0 -> new MasterMessage.Welcome(count(), list(this::run));
            case 1 -> new MasterMessage.Refused(error());
            case 2 ->
                new MasterMessage.HeartbeatSeen(
                        random.nextLong(), List.of(new GroupTime(run(), text(), random.nextInt(9), time())));
            default -> new MasterMessage.Command(command());
        };
    }

    private WorkerReport report() {
        RunId run = run();
        return switch (random.nextInt(13)) {
            case 0 ->
                new WorkerReport.Prepared(
                        run,
                        map(this::stage, () -> list(this::split)),
                        map(this::stage, this::text),
                        Set.copyOf(list(this::stage)));
            case 1 -> new WorkerReport.PrepareFailed(run, error());
            case 2 -> new WorkerReport.Deployed(run);
            case 3 -> new WorkerReport.DeployFailed(run, error());
            case 4 ->
                new WorkerReport.SplitsWanted(run, task(run), stage(), 1 + random.nextInt(9), random.nextBoolean());
            case 5 -> new WorkerReport.SplitFinished(run, task(run), stage(), text());
            case 6, 9, 10 -> toBeTold(run);
            case 11 -> new WorkerReport.Kept(run, account(run));
            case 7 -> new WorkerReport.Committed(run, epoch());
            case 8 -> new WorkerReport.CommitFailed(run, epoch(), error());
            default -> new WorkerReport.Released(run);
        };
    }

    /** What another master would have to hear too. */
    private WorkerReport toBeTold(RunId run) {
        return switch (random.nextInt(3)) {
            case 0 -> new WorkerReport.TaskEnded(run, task(run), outcome());
            case 1 -> new WorkerReport.SnapshotTaken(run, epoch(), snapshot(run));
            default -> new WorkerReport.SnapshotFailed(run, epoch(), task(run), list(this::committable), error());
        };
    }

    private RunAccount account(RunId run) {
        return new RunAccount(
                list(() -> task(run)),
                epoch(),
                random.nextBoolean(),
                list(() -> assigned(run)),
                list(() -> toBeTold(run)),
                random.nextBoolean());
    }

    private RunAccount.Assigned assigned(RunId run) {
        List<SplitStart> splits = list(this::splitStart);
        int finished = random.nextInt(splits.size() + 1);
        return new RunAccount.Assigned(task(run), stage(), count(), splits, finished, random.nextBoolean());
    }

    private TaskOutcome outcome() {
        return switch (random.nextInt(3)) {
            case 0 -> new TaskOutcome.Finished(list(this::committable));
            case 1 -> new TaskOutcome.Failed(error());
            default -> new TaskOutcome.Cancelled();
        };
    }

    private WorkerCommand command() {
        RunId run = run();
        return switch (random.nextInt(10)) {
            case 0 -> new WorkerCommand.Prepare(run, spec());
            case 1 ->
                new WorkerCommand.Deploy(
                        run,
                        spec(),
                        map(this::stage, this::text),
                        placement(),
                        text(),
                        restorePoint(run),
                        renewal(run));
            case 2 -> new WorkerCommand.Start(run);
            case 3 ->
                new WorkerCommand.AssignSplits(
                        run, task(run), stage(), 1 + random.nextInt(9), list(this::splitStart), random.nextBoolean());
            case 4 -> new WorkerCommand.Cancel(run);
            case 5 -> new WorkerCommand.Commit(run, spec(), commitPoint(), list(this::committable));
            case 6 -> new WorkerCommand.Checkpoint(run, epoch(), random.nextBoolean(), count());
            case 7 -> new WorkerCommand.EndTasks(run, list(() -> task(run)));
            case 8 -> new WorkerCommand.Discard(run, list(this::committable));
            default -> new WorkerCommand.Release(run, list(this::committable));
        };
    }

    private Renewal renewal(RunId run) {
        return random.nextBoolean()
                ? Renewal.WHOLE
                : new Renewal(random.nextInt(9) + "." + random.nextInt(99), List.of(task(run), task(run)));
    }

    private long epoch() {
        return 1 + random.nextInt(1_000);
    }

    private CommitPoint commitPoint() {
        return new CommitPoint(
                CheckpointId.of(random.nextInt(Integer.MAX_VALUE) * 1000L, random.nextInt()),
                epoch(),
                any(CommitPoint.Kind.values()));
    }

    private SplitStart splitStart() {
        return new SplitStart(split(), count(), time());
    }

    private StateObject stateObject() {
        return new StateObject(stage(), random.nextInt(9), text(), count(), digest());
    }

    private TaskSnapshot snapshot(RunId run) {
        return new TaskSnapshot(
                task(run),
                list(() -> new SourcePosition(
                        stage(),
                        random.nextInt(9),
                        count(),
                        time(),
                        list(() -> new SplitPosition(random.nextBoolean(), count(), time())))),
                list(this::stateObject),
                list(this::committable));
    }

    private RestorePoint restorePoint(RunId run) {
        return new RestorePoint(
                epoch(), list(this::stateObject), map(this::stage, () -> 1 + random.nextInt(9)), list(() -> task(run)));
    }

    JobSpec spec() {
        Program program = random.nextInt(8) == 0
                ? Program.LOCAL
                : new Program(list(this::artifact), id(), config(), map(this::text, this::text));
        return new JobSpec(graph(), program, id(), text(), text(), map(this::stage, this::stage));
    }

    JobGraph graph() {
        return new JobGraph(
                new JobId(id()),
                list(this::stageNode),
                list(this::edge),
                1 + random.nextInt(Parallelism.LIMIT),
                new CheckpointPolicy(1 - random.nextDouble(), count()),
                new StatePolicy(any(StateStore.values()), text(), count()));
    }

    private StageNode stageNode() {
        int min = 1 + random.nextInt(10);
        int initial = min + random.nextInt(10);
        return new StageNode(
                stage(),
                any(StageRole.values()),
                text(),
                new Parallelism(initial, min, initial + random.nextInt(10)),
                resources(),
                resources(),
                map(this::text, this::text));
    }

    private Edge edge() {
        return new Edge(stage(), stage(), any(Partitioning.values()), list(this::text));
    }

    /** Of every type that may travel, in the order made. */
    Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            Object value = value(0);
            config.put(text(), value == null ? "" : value);
        }
        return config;
    }

    private @Nullable Object value(int depth) {
        return switch (random.nextInt(depth < 5 ? 8 : 6)) {
            case 0 -> text();
            case 1 -> random.nextInt();
            case 2 -> random.nextInt(4) == 0 ? (long) random.nextInt(9) : random.nextLong();
            case 3 -> random.nextInt(9) == 0 ? Double.NaN : random.nextGaussian();
            case 4 -> random.nextBoolean();
            case 5 -> null;
            case 6 -> {
                List<@Nullable Object> values = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    values.add(value(depth + 1));
                }
                yield values;
            }
            default -> {
                Map<String, @Nullable Object> values = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    values.put(text(), value(depth + 1));
                }
                yield values;
            }
        };
    }

    private Program.Artifact artifact() {
        return new Program.Artifact(digest(), text(), count());
    }

    private String digest() {
        StringBuilder digest = new StringBuilder();
        for (int i = 0; i < 64; i++) {
            digest.append(Character.forDigit(random.nextInt(16), 16));
        }
        return digest.toString();
    }

    private Placement placement() {
        Map<StageId, List<WorkerId>> workers = map(this::stage, () -> list(this::worker));
        Map<StageId, List<List<Integer>>> gpus = new HashMap<>();
        workers.forEach((stage, tasks) -> {
            if (!tasks.isEmpty() && random.nextBoolean()) {
                gpus.put(
                        stage,
                        tasks.stream()
                                .map(task -> list(() -> random.nextInt(9)))
                                .toList());
            }
        });
        return new Placement(workers, map(this::worker, this::endpoint), gpus);
    }

    SolsticeError error() {
        return new SolsticeError(any(ErrorCode.values()), text(), text(), text(), text());
    }

    private Endpoint endpoint() {
        return new Endpoint(text(), random.nextInt(65_536));
    }

    private Resources resources() {
        return new Resources(random.nextDouble() * 4096, random.nextInt(9), count());
    }

    private TaskMetrics metrics() {
        return new TaskMetrics(
                run(),
                stage(),
                random.nextInt(99),
                count(),
                count(),
                count(),
                count(),
                count(),
                taskTime(),
                list(() -> new FrequentKey(stage(), text(), count(), count())),
                random.nextBoolean() ? null : new StateUse(text(), text(), random.nextInt(99), count()));
    }

    private TaskTime taskTime() {
        return new TaskTime(time(), random.nextBoolean(), text(), text(), time());
    }

    private long time() {
        return random.nextInt(4) == 0 ? SplitStart.NO_TIME : random.nextLong();
    }

    private Split split() {
        return new Split(text(), text(), random.nextInt(4) == 0 ? -1 : count(), random.nextInt(4) - 1);
    }

    private Committable committable() {
        return new Committable(stage(), random.nextInt(99), text());
    }

    private RunId run() {
        return new RunId(new JobId(id()), count());
    }

    private TaskId task(RunId run) {
        return new TaskId(run.job(), stage(), random.nextInt(Parallelism.LIMIT));
    }

    private StageId stage() {
        return new StageId(id());
    }

    private WorkerId worker() {
        return new WorkerId(id());
    }

    private long count() {
        return random.nextLong() & Long.MAX_VALUE;
    }

    private String id() {
        StringBuilder id = new StringBuilder("i");
        for (int i = random.nextInt(random.nextInt(20) == 0 ? 128 : 12); i > 0; i--) {
            id.append(ID.charAt(random.nextInt(ID.length())));
        }
        return id.toString();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(20) == 0 ? 60 : 8); i > 0; i--) {
            text.append(any(TEXT));
        }
        return text.toString();
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private <T> List<T> list(Supplier<T> value) {
        List<T> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.add(value.get());
        }
        return values;
    }

    private <K, V> Map<K, V> map(Supplier<K> key, Supplier<V> value) {
        Map<K, V> values = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.put(key.get(), value.get());
        }
        return values;
    }
}
