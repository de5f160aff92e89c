package io.solstice.embedded;

import io.solstice.api.Job;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.protocol.JobSpec;
import io.solstice.worker.code.LoadedProgram;
import io.solstice.worker.code.ProgramLoader;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Hands jobs over as the objects that the user built: nothing is built a second time in one process. */
final class LocalPrograms implements ProgramLoader {
    private final Map<String, Job> jobs = new ConcurrentHashMap<>();

    void put(String requestId, Job job) {
        jobs.put(requestId, job);
    }

    void remove(String requestId) {
        jobs.remove(requestId);
    }

    @Override
    public LoadedProgram load(JobSpec spec) {
        Job job = jobs.get(spec.requestId());
        if (job == null) {
            throw ErrorCode.INTERNAL
                    .error("job '" + spec.job() + "' was not handed over")
                    .toException();
        }
        return new LocalProgram(job);
    }

    private record LocalProgram(Job job) implements LoadedProgram {
        @Override
        public ClassLoader classes() {
            ClassLoader own = Thread.currentThread().getContextClassLoader();
            return own == null ? ClassLoader.getSystemClassLoader() : own;
        }

        @Override
        public void close() {}
    }
}
