package io.solstice.faults.workload;

import io.solstice.api.Workflow;
import java.nio.file.Path;
import java.util.List;

/** The jobs that run under faults side by side. */
public enum Workload {
    /** Numbers the rows of each key; the only one that also writes a table. */
    EVENTS("faults", FaultWorkflow.class, "events"),
    /** Counts and sums by key, in tumbling and sliding windows, with rows that are late on purpose. */
    WINDOWED("windowed", WindowedWorkflow.class, WindowedWorkflow.TUMBLING, WindowedWorkflow.SLIDING),
    /** Session windows by key. */
    SESSIONS("sessions", SessionsWorkflow.class, SessionsWorkflow.SESSIONS),
    /** Two inputs joined in windows, and within an interval. */
    JOINED("joined", JoinedWorkflow.class, JoinedWorkflow.WINDOWED, JoinedWorkflow.NEAR),
    /** State by key, and timers. */
    VISITS("visits", VisitsWorkflow.class, VisitsWorkflow.VISITS);

    private final String job;
    private final Class<? extends Workflow> workflow;
    private final List<String> outputs;

    Workload(String job, Class<? extends Workflow> workflow, String... outputs) {
        this.job = job;
        this.workflow = workflow;
        this.outputs = List.of(outputs);
    }

    /** Its id. */
    public String job() {
        return job;
    }

    public Class<? extends Workflow> workflow() {
        return workflow;
    }

    /** The folders of files that it writes, each called like the stage that makes what is in it. */
    public List<String> outputs() {
        return outputs;
    }

    /** @param output that of the job */
    public List<Path> files(Path output) {
        return outputs.stream().map(output::resolve).toList();
    }

    /** Where the table is, if the job writes one. */
    public Path table(Path output) {
        return output.resolve("events.lance");
    }

    /** Of the source rows that it reads. */
    public int parts() {
        return switch (this) {
            case EVENTS, JOINED -> 4;
            case WINDOWED, SESSIONS, VISITS -> 2;
        };
    }

    /** Whether it keeps state by key where it is told to. */
    public boolean hasStores() {
        return this == VISITS;
    }

    /** Whether its input has rows that come too late for their windows. */
    public boolean hasLateRows() {
        return this == WINDOWED;
    }
}
