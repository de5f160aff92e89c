package io.solstice.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.solstice.api.Job;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.graph.Resources;
import io.solstice.common.id.RunId;
import io.solstice.common.id.WorkerId;
import io.solstice.common.loop.Clock;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Program;
import io.solstice.common.protocol.TaskMetrics;
import io.solstice.common.protocol.WorkerRegistration;
import io.solstice.exchange.flight.FlightExchange;
import io.solstice.exchange.flight.FlightTransport;
import io.solstice.master.Master;
import io.solstice.master.cluster.ClusterSettings;
import io.solstice.master.cluster.WorkerView;
import io.solstice.master.job.RestartPolicy;
import io.solstice.master.journal.Journal;
import io.solstice.worker.Worker;
import io.solstice.worker.control.LinkTimes;
import io.solstice.worker.control.WorkerProfile;
import io.solstice.worker.job.Gpus;
import io.solstice.worker.job.Surroundings;
import io.solstice.worker.link.MasterPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A master and two workers in one process, with real gRPC between the workers. */
final class FlightCluster implements AutoCloseable {
    private final LocalPrograms programs = new LocalPrograms();
    private final AtomicInteger requests = new AtomicInteger();
    private final Master master = new Master(
            new ClusterSettings("test", "1", 60_000, 60_000, 100, new RestartPolicy(2, 300_000), 60_000),
            Journal.NONE,
            Clock.SYSTEM,
            failure -> {});
    final List<Member> workers = new ArrayList<>();

    FlightCluster() {
        this(List.of());
    }

    /** @param gpuIds of each worker */
    FlightCluster(List<String> gpuIds) {
        workers.add(new Member("one", gpuIds));
        workers.add(new Member("two", gpuIds));
        awaitWorkers();
    }

    void awaitWorkers() {
        Awaitility.await()
                .until(() -> master.workers().join().stream()
                                .map(WorkerView::registration)
                                .map(WorkerRegistration::worker)
                                .distinct()
                                .count()
                        == workers.size());
    }

    /** A run and its end. */
    record Following(RunId run, CompletableFuture<JobSnapshot> end) {}

    Following submit(Job job) {
        JobGraph graph = job.graph();
        String request = "request-" + requests.incrementAndGet();
        programs.put(request, job);
        RunId run = master.submit(new JobSpec(graph, Program.LOCAL, request, "me"))
                .join()
                .run();
        CompletableFuture<JobSnapshot> end = new CompletableFuture<>();
        master.watch(run, news -> {
            if (news.state().isTerminal()) {
                end.complete(news);
            }
        });
        return new Following(run, end);
    }

    JobSnapshot snapshot(RunId run) {
        return master.job(run).join().snapshot();
    }

    void cancel(RunId run) {
        master.cancel(run);
    }

    /** One worker process's parts. */
    final class Member implements AutoCloseable {
        final BufferAllocator memory = new RootAllocator(2L << 30);
        final Server server;
        final Worker worker;
        private final FlightExchange exchange;
        private final AtomicReference<@Nullable Runnable> cut = new AtomicReference<>();

        Member(String name, List<String> gpuIds) {
            exchange = new FlightExchange(
                    memory,
                    to -> FlightTransport.tune(NettyChannelBuilder.forAddress(to.host(), to.port()))
                            .usePlaintext()
                            .build());
            InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            try {
                server = FlightTransport.tune(NettyServerBuilder.forAddress(anyPort))
                        .addService(exchange.service())
                        .build()
                        .start();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            WorkerId id = new WorkerId(name);
            Endpoint endpoint = new Endpoint("127.0.0.1", server.getPort());
            worker = new Worker(
                    new WorkerProfile(id, endpoint, new Resources(8, gpuIds.size(), 8L << 30), "1", "test", "test"),
                    new LinkTimes(1_000, 60_000, 10, 100),
                    this::open,
                    new Surroundings(id, programs, exchange, null, memory, Gpus.named(gpuIds)),
                    Clock.SYSTEM);
            worker.start();
        }

        private MasterPort.Link open(WorkerRegistration registration, MasterPort.Listener listener) {
            MasterPort.Link link = new DirectPort(master, report -> {}).open(registration, listener);
            cut.set(() -> {
                link.close();
                listener.closed("cut");
            });
            return link;
        }

        /** Breaks the connection between this worker and the master; the worker comes back. */
        void cutFromMaster() {
            Runnable cutting = cut.get();
            if (cutting != null) {
                cutting.run();
            }
        }

        /** The number of this run's tasks here, counted once for each chain. */
        long tasks(RunId run) {
            return worker.metrics(run).size();
        }

        long rows(RunId run, String stage) {
            return worker.metrics(run).stream()
                    .filter(task -> task.stage().value().equals(stage))
                    .mapToLong(TaskMetrics::inputRecords)
                    .sum();
        }

        void awaitNoMemory() {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(memory.getAllocatedMemory())
                            .as(memory::toVerboseString)
                            .isZero());
        }

        @Override
        public void close() {
            worker.close();
            server.shutdownNow();
            try {
                assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            exchange.close();
            awaitNoMemory();
            memory.close();
        }
    }

    @Override
    public void close() {
        workers.forEach(Member::close);
        master.close();
    }
}
