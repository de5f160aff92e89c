package io.solstice.api;

import io.solstice.common.error.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs one job on an engine in this process that was started for it. Used by the thread that owns its runner. */
final class EmbeddedLaunch implements Runner.Launch {
    private final Job job;
    private @Nullable Solstice engine;

    EmbeddedLaunch(Job job) {
        this.job = job;
    }

    @Override
    public void open() {
        job.graph();
        engine = Solstice.embedded();
    }

    @Override
    public JobHandle submit(RestoreFrom restoreFrom) {
        Solstice opened = engine;
        if (opened == null) {
            throw ErrorCode.JOB_STATE
                    .error("the runner has not been initialized")
                    .toException();
        }
        return opened.submit(job, restoreFrom);
    }

    @Override
    public String checkpointBefore(RestoreFrom restoreFrom) {
        if (restoreFrom.isAnew()) {
            return EngineProvider.onClassPath().checkpointBefore(job);
        }
        List<String> ids = checkpointsBefore();
        boolean latest = restoreFrom.checkpoint().equals(RestoreFrom.LATEST) && !ids.isEmpty();
        String wanted = latest ? ids.get(ids.size() - 1) : restoreFrom.checkpoint();
        if (!ids.contains(wanted)) {
            throw ErrorCode.CHECKPOINT_UNKNOWN
                    .error("job '" + job.id() + "' has no completed checkpoint " + wanted)
                    .help("list them with listCheckpoints()")
                    .toException();
        }
        return wanted;
    }

    @Override
    public List<String> checkpointsBefore() {
        return EngineProvider.onClassPath()
                .listCheckpoints(job.stateBackend(), job.id().value());
    }

    @Override
    public void close() {
        Solstice opened = engine;
        if (opened != null) {
            opened.close();
        }
    }
}
