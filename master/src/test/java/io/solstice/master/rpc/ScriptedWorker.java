package io.solstice.master.rpc;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.RunId;
import io.solstice.common.id.StageId;
import io.solstice.common.id.TaskId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.common.protocol.SourcePosition;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.common.protocol.TaskOutcome;
import io.solstice.common.protocol.TaskSnapshot;
import io.solstice.common.protocol.WorkerCommand;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.protocol.WorkerRegistration;
import io.solstice.common.protocol.WorkerReport;
import io.solstice.common.rpc.RpcClient;
import io.solstice.common.wire.MessageCodec;
import io.solstice.proto.v1.WorkerLinkGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The network side of a worker, which obeys at once and computes nothing: a job runs on it until {@link #finish} is
 * called. What it sends goes through the thread that receives.
 */
public final class ScriptedWorker implements AutoCloseable {
    private final RpcClient client;
    private final WorkerId id;
    private final List<MasterMessage> received = new CopyOnWriteArrayList<>();
    private final List<TaskId> tasks = new CopyOnWriteArrayList<>();
    private final CompletableFuture<SolsticeError> closed = new CompletableFuture<>();
    private final CompletableFuture<MasterMessage.Welcome> welcome = new CompletableFuture<>();
    private final CompletableFuture<ClientCallStreamObserver<io.solstice.proto.v1.WorkerMessage>> call =
            new CompletableFuture<>();
    private volatile @Nullable RunId run;
    private volatile @Nullable StageId source;
    private volatile boolean takesCuts = true;
    private volatile String secret = "";

    /** @param reads whether it reads anything at all */
    ScriptedWorker(LiveMaster master, String id, boolean reads) {
        this.client = master.newClient();
        this.id = new WorkerId(id);
        WorkerLinkGrpc.newStub(client.channel())
                .connect(
                        new ClientResponseObserver<
                                io.solstice.proto.v1.WorkerMessage, io.solstice.proto.v1.MasterMessage>() {
                            @Override
                            public void beforeStart(
                                    ClientCallStreamObserver<io.solstice.proto.v1.WorkerMessage> started) {
                                if (!reads) {
                                    started.disableAutoRequestWithInitial(1);
                                }
                                call.complete(started);
                            }

                            @Override
                            public void onNext(io.solstice.proto.v1.MasterMessage message) {
                                MasterMessage known = MessageCodec.fromProto(message);
                                received.add(known);
                                if (known instanceof MasterMessage.Welcome first) {
                                    welcome.complete(first);
                                } else if (known instanceof MasterMessage.Command command) {
                                    obey(command.command());
                                }
                            }

                            @Override
                            public void onError(Throwable failure) {
                                closed.complete(client.decode(failure).error());
                            }

                            @Override
                            public void onCompleted() {
                                closed.cancel(false);
                            }
                        });
    }

    public static ScriptedWorker registered(LiveMaster master, String id) {
        ScriptedWorker worker = new ScriptedWorker(master, id, true);
        worker.register("test");
        worker.welcome.join();
        return worker;
    }

    void register(String cluster) {
        WorkerRegistration registration = new WorkerRegistration(
                id, new Endpoint("127.0.0.1", 9_000), new Resources(4, 0, 8L << 30), "1", cluster, List.of());
        send(new WorkerMessage.Register(registration));
    }

    void send(WorkerMessage message) {
        call.join().onNext(MessageCodec.toProto(message));
    }

    void sendRaw(io.solstice.proto.v1.WorkerMessage message) {
        call.join().onNext(message);
    }

    private void report(WorkerReport report) {
        send(new WorkerMessage.Report(report));
    }

    private void obey(WorkerCommand command) {
        RunId about = command.run();
        if (command instanceof WorkerCommand.Prepare prepare) {
            StageId first = prepare.spec().graph().stages().get(0).id();
            source = first;
            report(new WorkerReport.Prepared(about, Map.of(first, List.of(new Split("s", "", 1))), Map.of(), Set.of()));
        } else if (command instanceof WorkerCommand.Deploy deploy) {
            secret = deploy.secret();
            run = about;
            deploy.placement().workers().forEach((stage, workers) -> {
                for (int i = 0; i < workers.size(); i++) {
                    if (workers.get(i).equals(id)) {
                        tasks.add(new TaskId(about.job(), stage, i));
                    }
                }
            });
            report(new WorkerReport.Deployed(about));
        } else if (command instanceof WorkerCommand.Checkpoint checkpoint && takesCuts) {
            tasks.forEach(task -> report(new WorkerReport.SnapshotTaken(about, checkpoint.epoch(), snapshot(task))));
        } else if (command instanceof WorkerCommand.Cancel) {
            end(about, new TaskOutcome.Cancelled());
        } else if (command instanceof WorkerCommand.Commit commit) {
            report(new WorkerReport.Committed(about, commit.point().epoch()));
        } else if (command instanceof WorkerCommand.Release) {
            tasks.clear();
            report(new WorkerReport.Released(about));
        }
    }

    /** Of a task that has read nothing yet; the first stage is the source. */
    private TaskSnapshot snapshot(TaskId task) {
        List<SourcePosition> positions = task.stage().equals(source)
                ? List.of(new SourcePosition(task.stage(), 0, 0, SplitStart.NO_TIME))
                : List.of();
        return new TaskSnapshot(task, positions, List.of(), List.of());
    }

    /** From now on checkpoints are not answered. */
    void ignoreCheckpoints() {
        takesCuts = false;
    }

    private void end(RunId about, TaskOutcome outcome) {
        List<TaskId> all = new ArrayList<>(tasks);
        tasks.clear();
        all.forEach(task -> report(new WorkerReport.TaskEnded(about, task, outcome)));
    }

    /** Ends all tasks well. Only while the job runs and nothing else is sent. */
    void finish() {
        RunId about = run;
        if (about != null) {
            end(about, new TaskOutcome.Finished(List.of()));
        }
    }

    public void beat(long sequence, TaskMetrics... metrics) {
        send(new WorkerMessage.Heartbeat(sequence, 1_234, List.of(metrics)));
    }

    List<MasterMessage> received() {
        return received;
    }

    @Nullable
    RunId run() {
        return run;
    }

    /** Of the run that was deployed last. */
    String secret() {
        return secret;
    }

    CompletableFuture<SolsticeError> closed() {
        return closed;
    }

    /** Ends the stream as a worker that leaves does. */
    void halfClose() {
        call.join().onCompleted();
    }

    /** Cuts the connection without a word, as the end of a process does. */
    void cut() {
        client.channel().shutdownNow();
    }

    @Override
    public void close() {
        cut();
        client.close();
    }
}
