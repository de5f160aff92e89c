package io.solstice.worker.code;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.StateBackend;
import io.solstice.api.config.Config;
import io.solstice.api.program.LoadedWorkflow;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.protocol.JobSpec;
import io.solstice.common.protocol.Program;
import io.solstice.common.protocol.Program.Artifact;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds jobs from their workflow classes: each run's classes come from its own jars, by a class loader that ends with
 * the run, and {@code createJob} is called with the context that it had where the job was submitted. A workflow without
 * jars is one of the worker's own class path.
 */
public final class WorkflowPrograms implements ProgramLoader {
    private static final Logger LOG = LoggerFactory.getLogger(WorkflowPrograms.class);

    private final ArtifactCache artifacts;
    private final ClassLoader engine = WorkflowPrograms.class.getClassLoader();

    public WorkflowPrograms(ArtifactCache artifacts) {
        this.artifacts = artifacts;
    }

    @Override
    public LoadedProgram load(JobSpec spec) {
        Program program = spec.program();
        if (program.artifacts().isEmpty()) {
            return new Built(build(spec, engine), engine, () -> {});
        }
        Jars jars = new Jars(program.artifacts());
        try {
            JobClasses classes = new JobClasses("job " + spec.job(), jars.urls(), engine);
            jars.loader = classes;
            return new Built(build(spec, classes), classes, jars);
        } catch (RuntimeException | Error failure) {
            close(jars);
            throw failure;
        }
    }

    /** The jars of one run, from when they are asked for until nobody loads from them. */
    private final class Jars implements AutoCloseable {
        private final List<Artifact> wanted;
        private final List<Artifact> taken = new ArrayList<>();
        private @Nullable JobClasses loader;

        Jars(List<Artifact> wanted) {
            this.wanted = wanted;
        }

        URL[] urls() {
            List<URL> urls = new ArrayList<>();
            for (Artifact jar : wanted) {
                try {
                    urls.add(artifacts.file(jar).toUri().toURL());
                    taken.add(jar);
                } catch (MalformedURLException impossible) {
                    throw new IllegalStateException("every file has an address", impossible);
                }
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        public void close() throws IOException {
            try {
                if (loader != null) {
                    loader.close();
                }
            } finally {
                taken.forEach(artifacts::release);
            }
        }
    }

    private static Job build(JobSpec spec, ClassLoader classes) {
        Program program = spec.program();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(classes);
        try {
            JobContext context = new JobContext(
                    spec.job().value(), Config.of(program.config()), StateBackend.fromConfig(program.stateBackend()));
            Job job = LoadedWorkflow.of(workflow(program.workflow(), classes)).createJob(context);
            SolsticeError difference = new GraphComparison(spec.graph(), job.graph()).difference();
            if (difference != null) {
                throw difference.toException();
            }
            return job;
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static Class<?> workflow(String name, ClassLoader classes) {
        try {
            return Class.forName(name, false, classes);
        } catch (ClassNotFoundException | LinkageError missing) {
            throw ErrorCode.WORKFLOW_MISSING
                    .error("this worker does not find the workflow " + name)
                    .cause(missing.toString())
                    .help("submit the job with the jar that holds it, or put the jar on the class path of every worker")
                    .toException(missing);
        }
    }

    private static void close(AutoCloseable classes) {
        try {
            classes.close();
        } catch (Exception stillOpen) {
            throw SolsticeException.of(stillOpen);
        }
    }

    private record Built(Job job, ClassLoader classes, AutoCloseable toClose) implements LoadedProgram {
        @Override
        public void close() {
            if (toClose instanceof Jars) {
                nameLeftThreads();
            }
            WorkflowPrograms.close(toClose);
        }

        /** What most often keeps a job's classes in memory. */
        private void nameLeftThreads() {
            Thread[] threads = new Thread[Thread.activeCount() + 64];
            int count = Thread.enumerate(threads);
            for (int i = 0; i < count; i++) {
                Thread left = threads[i];
                if (left != Thread.currentThread() && left.getContextClassLoader() == classes) {
                    LOG.warn(
                            "job {} left its thread '{}' running, which keeps the job's classes in memory; end it in"
                                    + " the close() of what started it",
                            job.id(),
                            left.getName());
                }
            }
        }
    }
}
