package io.solstice.worker.code;

import io.solstice.api.Job;

/** A job's operators, and the classes that they are made of until this is closed. */
public interface LoadedProgram extends AutoCloseable {
    Job job();

    /** Where the job's own classes are; the context class loader of its threads. */
    ClassLoader classes();

    /** Call when nothing of the job runs any more. */
    @Override
    void close();
}
