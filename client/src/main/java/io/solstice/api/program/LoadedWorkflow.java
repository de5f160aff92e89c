package io.solstice.api.program;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Workflow;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A user's workflow, ready to build its job.
 *
 * @param loader the class loader made for it, closed with it; null if it is on the class path
 * @param code makes the jars that a worker needs to load the workflow; asked only if the job travels
 */
public record LoadedWorkflow(Workflow workflow, @Nullable Closeable loader, Supplier<List<ProgramJar>> code)
        implements AutoCloseable {

    static LoadedWorkflow of(Class<?> type, @Nullable Closeable loader, Supplier<List<ProgramJar>> code) {
        return new LoadedWorkflow(instance(type), loader, code);
    }

    /** A class of the running program. Its code is the jar or the folder of classes that it was loaded from. */
    public static LoadedWorkflow of(Class<?> type) {
        return of(type, null, () -> {
            Path source = ProgramJar.sourceOf(type);
            if (source == null) {
                throw ErrorCode.ARTIFACT_UNREADABLE
                        .error(type.getName() + " was loaded from neither a jar nor a folder, so it cannot travel")
                        .help("build a jar with it, and submit that")
                        .toException();
            }
            return List.of(ProgramJar.of(source));
        });
    }

    static boolean isWorkflow(Class<?> type) {
        return Workflow.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers());
    }

    private static Workflow instance(Class<?> type) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Workflow) constructor.newInstance();
        } catch (InvocationTargetException thrown) {
            throw failed(type, "the constructor of " + type.getName(), thrown.getCause());
        } catch (ReflectiveOperationException | LinkageError | ClassCastException unusable) {
            throw ErrorCode.WORKFLOW_MISSING
                    .error(type.getName() + " cannot be used as a workflow")
                    .cause(unusable.toString())
                    .help("a workflow is a static or top-level class that implements io.solstice.api.Workflow and"
                            + " has a constructor without parameters")
                    .toException(unusable);
        }
    }

    /** Builds the job; whatever the user's code throws becomes a coded error with the place in that code. */
    public Job createJob(JobContext context) {
        Thread.currentThread().setContextClassLoader(workflow.getClass().getClassLoader());
        Job job;
        try {
            job = workflow.createJob(context);
        } catch (SolsticeException coded) {
            throw coded.within(place(coded));
        } catch (Exception | LinkageError | StackOverflowError | AssertionError thrown) {
            throw failed(workflow.getClass(), "createJob", thrown);
        }
        if (job == null) {
            throw ErrorCode.WORKFLOW_FAILED
                    .error("createJob returned no job")
                    .where(workflow.getClass().getName())
                    .help("return the Job that was built, for example: return job;")
                    .toException();
        }
        return job;
    }

    private String place(Throwable thrown) {
        String frame = UserFrame.of(thrown);
        return frame.isEmpty() ? workflow.getClass().getName() : frame;
    }

    private static SolsticeException failed(Class<?> type, String what, @Nullable Throwable thrown) {
        if (thrown instanceof UnsupportedClassVersionError tooNew) {
            return ClassErrors.tooNew(tooNew, type.getName());
        }
        Throwable root = thrown == null ? new IllegalStateException("unknown") : UserFrame.root(thrown);
        String frame = UserFrame.of(root);
        return ErrorCode.WORKFLOW_FAILED
                .error(what + " failed, so there is no job to run")
                .where(frame.isEmpty() ? type.getName() : frame)
                .cause(root.toString())
                .help("mend the workflow at that line; --log-level DEBUG shows the whole stack")
                .toException(thrown);
    }

    @Override
    public void close() {
        if (loader != null) {
            try {
                loader.close();
            } catch (IOException stillOpen) {
                throw SolsticeException.of(stillOpen);
            }
        }
    }
}
