package io.solstice.bench.cluster;

import io.solstice.api.JobContext;
import io.solstice.api.JobHandle;
import io.solstice.api.Solstice;
import io.solstice.api.Workflow;
import io.solstice.api.cluster.SolsticeClient;
import java.nio.file.Path;
import java.util.function.Predicate;

/** The two ways to run a workflow: in this process, and on a master with two workers. */
final class Systems {
    static final String EMBEDDED = "solstice";
    private static final int WORKERS = 2;

    private Systems() {}

    /** Submits jobs to one of them. */
    @FunctionalInterface
    interface Submitting {
        JobHandle submit(JobContext context) throws Exception;
    }

    /** Uses one of them. */
    @FunctionalInterface
    interface Use {
        void of(String system, Submitting jobs) throws Exception;
    }

    /** @param home of the cluster's programs */
    static void each(Workflow workflow, Path home, Predicate<String> wanted, Use use) throws Exception {
        if (wanted.test(EMBEDDED)) {
            try (Solstice engine = Solstice.embedded()) {
                use.of(EMBEDDED, context -> engine.submit(workflow.createJob(context)));
            }
        }
        if (wanted.test("solstice-cluster")) {
            try (Cluster cluster = Cluster.start(home);
                    SolsticeClient client = cluster.connect()) {
                for (int i = 0; i < WORKERS; i++) {
                    cluster.addWorker();
                }
                use.of("solstice-cluster", context -> client.submit(workflow.getClass(), context));
            }
        }
    }
}
