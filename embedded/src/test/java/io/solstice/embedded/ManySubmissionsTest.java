package io.solstice.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.solstice.api.JobContext;
import io.solstice.api.program.LoadedWorkflow;
import io.solstice.api.program.ProgramJar;
import io.solstice.api.program.WorkflowLoader;
import io.solstice.common.graph.JobGraph;
import io.solstice.common.protocol.JobSnapshot;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.JobState;
import io.solstice.common.protocol.Program;
import io.solstice.worker.code.ArtifactCache;
import io.solstice.worker.code.LoadedProgram;
import io.solstice.worker.code.ProgramLoader;
import io.solstice.worker.code.WorkflowPrograms;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same jar submitted again and again to one worker leaves nothing behind. How often is the system property
 * {@code solstice.submissions}; 1,000 is the documented long run.
 */
class ManySubmissionsTest {
    private static final int SUBMISSIONS = Integer.getInteger("solstice.submissions", 60);
    private static final int WARM_UP = 20;
    private static final String CODE = """
            import io.solstice.api.*;
            import io.solstice.api.operator.*;
            import io.solstice.api.sink.*;
            import io.solstice.api.source.*;
            import io.solstice.common.protocol.Committable;
            import java.util.List;

            public class Leaky implements Workflow {
                public record In(long number) {}
                public record Out(long number, long squared) {}

                static final ThreadLocal<byte[]> LEFT = ThreadLocal.withInitial(() -> new byte[1 << 16]);
                static final byte[] HEAP = new byte[1 << 18];

                @Override
                public Job createJob(JobContext context) {
                    LEFT.get()[0]++;
                    return new Job(context)
                            .addStage(Stage.of("numbers", GeneratorSource.numbers(1, 2000)).parallelism(2))
                            .addStage(
                                    Stage.of("square", MapOperator.records(In.class, Out.class, in -> {
                                        LEFT.get()[1]++;
                                        return new Out(in.number(), in.number() * in.number());
                                    })),
                                    "numbers")
                            .addStage(
                                    Stage.of("rows", FilterOperator.rows(row -> row.getLong("squared") % 3 != HEAP[0])),
                                    "square")
                            .addStage(Stage.sink("sink", Nowhere::new), "rows");
                }

                static class Nowhere implements Sink {
                    public SinkWriter open(SinkContext context) {
                        LEFT.get()[2]++;
                        return new SinkWriter() {
                            public void write(io.solstice.exchange.batch.Batch batch) {}
                            public String seal() { return "x"; }
                            public void close() {}
                        };
                    }
                    public void commit(List<Committable> sealed, SinkCommit which) { LEFT.get()[3]++; }
                    public void discard(List<Committable> sealed) {}
                }
            }
            """;

    @Test
    void theSameJarAgainAndAgainLeavesNothingBehind(@TempDir Path folder) throws Exception {
        Path source = Files.writeString(folder.resolve("Leaky.java"), CODE);
        ConcurrentLinkedQueue<WeakReference<ClassLoader>> loaders = new ConcurrentLinkedQueue<>();
        AtomicInteger fetched = new AtomicInteger();
        try (LoadedWorkflow workflow = WorkflowLoader.load(source.toString())) {
            ProgramJar jar = workflow.code().get().get(0);
            ArtifactCache cache = new ArtifactCache(folder.resolve("artifacts"), Long.MAX_VALUE, (artifact, into) -> {
                fetched.incrementAndGet();
                try (InputStream bytes = jar.content().open()) {
                    bytes.transferTo(into);
                }
            });
            WorkflowPrograms programs = new WorkflowPrograms(cache);
            ProgramLoader watched = spec -> {
                LoadedProgram loaded = programs.load(spec);
                loaders.add(new WeakReference<>(loaded.classes()));
                return loaded;
            };
            JobGraph graph = workflow.createJob(JobContext.of("leaky")).graph();
            Program program = new Program(List.of(jar.artifact()), "Leaky", Map.of(), Map.of());
            try (OneWorker worker = new OneWorker(watched)) {
                for (int i = 0; i < WARM_UP; i++) {
                    run(worker, graph, program, "warm-" + i);
                }
                awaitCollected(loaders);
                Footprint before = Footprint.now();
                for (int i = 0; i < SUBMISSIONS; i++) {
                    run(worker, graph, program, "run-" + i);
                }
                awaitCollected(loaders);
                // the thread of the last job ends a moment after the job
                Awaitility.await()
                        .untilAsserted(() -> assertThat(Footprint.now().threads())
                                .as("threads: %s", Footprint.threadNames())
                                .isLessThanOrEqualTo(before.threads()));
                Footprint after = Footprint.now();
                System.out.println(SUBMISSIONS + " submissions: before " + before + ", after " + after);
                assertThat(worker.memoryBytes()).as("off heap").isZero();
                assertThat(after.classes()).as("classes").isLessThan(before.classes() + 100);
                assertThat(after.metaspace()).as("metaspace").isLessThan(before.metaspace() + (2L << 20));
            }
        }
        assertThat(fetched).as("times that the jar travelled").hasValue(1);
    }

    private static void run(OneWorker worker, JobGraph graph, Program program, String request) throws Exception {
        CompletableFuture<JobSnapshot> ended = worker.submit(new JobSpec(graph, program, request, "me"));
        JobSnapshot end = ended.get(30, TimeUnit.SECONDS);
        assertThat(end.state()).as("%s", end.error()).isEqualTo(JobState.FINISHED);
    }

    /** A class loader that stays names what holds it, where a heap dump would be the next step. */
    private static void awaitCollected(ConcurrentLinkedQueue<WeakReference<ClassLoader>> loaders) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            System.gc();
            List<String> holders = loaders.stream()
                    .map(WeakReference::get)
                    .filter(loader -> loader != null)
                    .flatMap(loader -> Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getContextClassLoader() == loader))
                    .map(Thread::getName)
                    .toList();
            long left = loaders.stream().filter(loader -> loader.get() != null).count();
            assertThat(left)
                    .as("class loaders left; threads of theirs: %s", holders)
                    .isZero();
        });
        loaders.clear();
    }

    /** What a process holds beside its heap. */
    private record Footprint(long metaspace, int classes, int threads) {
        /** Without the one that asks, and those that a pool keeps for a while. */
        static List<String> threadNames() {
            return Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> !name.equals("awaitility-thread"))
                    .filter(name -> !name.equals("master-checkpoints") && !name.equals("master-drafts"))
                    .sorted()
                    .toList();
        }

        static Footprint now() {
            long used = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getName().equals("Metaspace"))
                    .mapToLong((MemoryPoolMXBean pool) -> pool.getUsage().getUsed())
                    .sum();
            return new Footprint(
                    used,
                    ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
                    threadNames().size());
        }

        @Override
        public String toString() {
            return metaspace / 1024 + " KiB metaspace, " + classes + " classes, " + threads + " threads";
        }
    }
}
