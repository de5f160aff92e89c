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
    private final Map<String, LocalProgram> jobs = new ConcurrentHashMap<>();

    /** Called by the user's thread, whose context class loader becomes the job's. */
    void put(String requestId, Job job) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader classes = context == null ? LocalPrograms.class.getClassLoader() : context;
        jobs.put(requestId, new LocalProgram(job, classes));
    }

    void remove(String requestId) {
        jobs.remove(requestId);
    }

    @Override
    public LoadedProgram load(JobSpec spec) {
        LocalProgram job = jobs.get(spec.requestId());
        if (job == null) {
            throw ErrorCode.INTERNAL
                    .error("job '" + spec.job() + "' was not handed over")
                    .toException();
        }
        return job;
    }

    private record LocalProgram(Job job, ClassLoader classes) implements LoadedProgram {
        @Override
        public void close() {}
    }
}
