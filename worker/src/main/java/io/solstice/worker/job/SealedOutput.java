package io.solstice.worker.job;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.sink.Sink;
import io.solstice.api.sink.SinkCommit;
import io.solstice.api.sink.SinkDefinition;
import io.solstice.common.fault.CrashPoint;
import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Committable;
import io.solstice.worker.builtin.Connectors;
import io.solstice.worker.task.UserFailure;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes or throws away what the sinks of a job sealed, sink by sink, on whatever workers they sealed it. */
final class SealedOutput {
    private static final Logger LOG = LoggerFactory.getLogger(SealedOutput.class);

    private final Job job;
    private final Connectors connectors;

    SealedOutput(Job job, Connectors connectors) {
        this.job = job;
        this.connectors = connectors;
    }

    /** Something to be done with a sink. */
    @FunctionalInterface
    private interface SinkWork {
        void run(Sink sink) throws Exception;
    }

    /** @param which makes the commit of each sink's stage */
    void commit(List<Committable> sealed, Function<StageId, SinkCommit> which) throws Exception {
        for (Stage stage : sinks()) {
            List<Committable> own = of(stage, sealed);
            withSink(stage, sink -> sink.commit(own, which.apply(stage.id())));
            CrashPoint.ONE_SINK_COMMITTED.reach();
        }
        CrashPoint.SINKS_COMMITTED.reach();
    }

    void discard(List<Committable> sealed) {
        for (Stage stage : sinks()) {
            List<Committable> own = of(stage, sealed);
            if (!own.isEmpty()) {
                try {
                    withSink(stage, sink -> sink.discard(own));
                } catch (Throwable failure) {
                    LOG.warn("stage {} left staged output behind: {}", stage.id(), failure.toString());
                }
            }
        }
    }

    private List<Stage> sinks() {
        return job.stages().stream()
                .filter(stage -> stage.definition() instanceof SinkDefinition)
                .toList();
    }

    private static List<Committable> of(Stage stage, List<Committable> all) {
        return all.stream().filter(part -> part.stage().equals(stage.id())).toList();
    }

    private void withSink(Stage stage, SinkWork work) throws Exception {
        try (Sink sink = connectors.sink((SinkDefinition) stage.definition())) {
            work.run(sink);
        } catch (Exception failure) {
            throw UserFailure.located(failure, "stage '" + stage.id() + "'");
        }
    }
}
