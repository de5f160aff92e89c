package io.solstice.common.error;

/** The numbered list of everything that can go wrong. A code, once released, keeps its number and meaning for good. */
public enum ErrorCode {
    GRAPH_EMPTY(1101, ErrorKind.USER, "The job has no source stage, so nothing would ever run."),
    GRAPH_DANGLING(1102, ErrorKind.USER, "A stage's output goes nowhere: no sink is reached from it."),
    GRAPH_CYCLE(1103, ErrorKind.USER, "Stages feed each other in a circle; a job must be a directed acyclic graph."),
    STAGE_DUPLICATE(1104, ErrorKind.USER, "Two stages of one job have the same id."),
    STAGE_UNKNOWN(1105, ErrorKind.USER, "An upstream stage is named that the job does not have."),
    PARALLELISM_INVALID(1107, ErrorKind.USER, "Parallelism must satisfy 1 <= min <= initial <= max <= key groups."),
    RESOURCES_INVALID(1110, ErrorKind.USER, "CPUs, GPUs or memory of a stage are negative or not numbers."),
    STAGE_ROLE(1111, ErrorKind.USER, "A source has an upstream, a sink has a downstream, or an operator has no input."),
    NAME_INVALID(1112, ErrorKind.USER, "A job or stage id is empty, too long or has characters that ids cannot have."),

    TYPE_MISMATCH(1201, ErrorKind.USER, "A stage expects another type than its upstream delivers."),
    COLUMN_UNKNOWN(1202, ErrorKind.USER, "An expression, record or key names a column that the input does not have."),
    RECORD_TYPE(1203, ErrorKind.USER, "A Java type cannot be mapped to columns."),
    SCHEMA_CHANGED(
            1205, ErrorKind.USER, "Rows changed their columns while running and the sink's format cannot follow."),

    NULL_VALUE(1301, ErrorKind.USER, "A null met a place that cannot hold one, such as a primitive record component."),
    EXPRESSION_FAILED(
            1302, ErrorKind.USER, "An expression cannot be computed for a row, for example a division by zero."),
    FUNCTION_FAILED(1303, ErrorKind.USER, "A user's function threw an exception."),
    RECORD_TOO_LARGE(1304, ErrorKind.USER, "One record is larger than the limit."),
    RECORD_MALFORMED(1306, ErrorKind.USER, "A line or value of an input file cannot be read as its format says."),
    ROW_LATE(
            1307,
            ErrorKind.USER,
            "A row came after its window had been given out and the allowed lateness was over, or too late to be joined."),
    ROW_WITHOUT_WINDOW(
            1308,
            ErrorKind.USER,
            "No window took a row, or its window was forgotten and had not been given out with it."),

    ARTIFACT_UNREADABLE(1501, ErrorKind.USER, "The jar or source file of a workflow is missing, empty or damaged."),
    WORKFLOW_MISSING(1502, ErrorKind.USER, "No class of that name implements Workflow."),
    WORKFLOW_AMBIGUOUS(1503, ErrorKind.USER, "Several classes implement Workflow and none was chosen."),
    CLASS_TOO_NEW(1504, ErrorKind.USER, "A class was compiled for a newer Java than the one that runs."),
    CONNECTOR_UNKNOWN(1505, ErrorKind.USER, "No connector or format of that name is on the class path."),
    ENGINE_MISSING(1506, ErrorKind.USER, "The embedded engine is not on the class path."),
    NATIVE_LIBRARY(1508, ErrorKind.EXTERNAL, "A native library could not be loaded."),
    COMPILATION_FAILED(1510, ErrorKind.USER, "A single-file workflow does not compile."),
    WORKFLOW_FAILED(1511, ErrorKind.USER, "createJob threw an exception, so there is no job to run."),
    WORKFLOW_CHANGED(1512, ErrorKind.USER, "On a worker, createJob built another job than where it was submitted."),
    ARTIFACT_TOO_LARGE(1513, ErrorKind.USER, "A jar is larger than the master accepts."),
    ARTIFACT_UNKNOWN(1514, ErrorKind.USER, "The master does not have a jar with that SHA-256."),

    OPTION_UNKNOWN(1601, ErrorKind.USER, "A configuration key or flag does not exist."),
    OPTION_INVALID(1602, ErrorKind.USER, "A configuration value has the wrong form or is out of range."),
    OPTION_MISSING(1603, ErrorKind.USER, "A configuration value that is required is not given."),
    CONFIG_MALFORMED(1604, ErrorKind.USER, "A configuration file is not valid YAML."),
    CONFIG_NOT_FOUND(1605, ErrorKind.USER, "A configuration file does not exist or cannot be read."),
    NOT_SUPPORTED(1606, ErrorKind.USER, "This release cannot do that yet."),

    TARGET_CONFLICT(2101, ErrorKind.USER, "The target of a sink exists and is of another format or schema."),
    COMMIT_FAILED(2102, ErrorKind.EXTERNAL, "Sealed output could not be published."),
    JOURNAL_FAILED(2103, ErrorKind.EXTERNAL, "The master could not write its journal, so it must not go on."),
    JOURNAL_DAMAGED(2104, ErrorKind.EXTERNAL, "The master's journal cannot be read back."),
    CHECKPOINT_UNKNOWN(2201, ErrorKind.USER, "There is no completed checkpoint of that id, or none at all."),
    CHECKPOINT_UNFIT(2202, ErrorKind.USER, "The job differs too much from the one that the checkpoint was taken of."),
    OBJECT_DAMAGED(2203, ErrorKind.EXTERNAL, "An object of the state backend is not what was written."),
    OBJECT_MISSING(2204, ErrorKind.EXTERNAL, "An object that should be in the state backend is not there."),
    CHECKPOINT_FAILED(2205, ErrorKind.EXTERNAL, "A checkpoint could not be completed."),
    CHECKPOINT_FENCED(2206, ErrorKind.USER, "Another run of the job writes its checkpoints, so this one must stop."),
    STATE_UNFIT(2207, ErrorKind.USER, "The state in a checkpoint does not fit the job that is to begin with it."),
    STATE_TOO_LARGE(2208, ErrorKind.USER, "The state of an operator in one task is larger than a checkpoint can keep."),

    PATH_UNUSABLE(3101, ErrorKind.EXTERNAL, "A directory is missing, read-only or not permitted."),
    DISK_FULL(3102, ErrorKind.CAPACITY, "A disk has no space left."),
    IO_FAILED(3103, ErrorKind.EXTERNAL, "Reading or writing failed."),
    MEMORY_LIMIT(3104, ErrorKind.CAPACITY, "A task needs more off-heap memory than its limit allows."),
    THREAD_LIMIT(3105, ErrorKind.CAPACITY, "The operating system gives no more threads."),
    EXCHANGE_LOST(3106, ErrorKind.EXTERNAL, "The connection between two workers broke while a job was running."),
    EXCHANGE_CORRUPT(3107, ErrorKind.EXTERNAL, "A message between two workers was lost, repeated or damaged."),
    TICKET_INVALID(3108, ErrorKind.EXTERNAL, "A ticket for a stream is forged, used up, or of another run."),
    SOURCE_NOT_FOUND(3201, ErrorKind.USER, "A file or table to be read does not exist."),
    SOURCE_FORMAT(3202, ErrorKind.USER, "A file or table to be read is not of the expected format or is damaged."),

    CLUSTER_MISMATCH(4104, ErrorKind.USER, "A worker belongs to another cluster or runs another version of Solstice."),
    JOB_STATE(4105, ErrorKind.USER, "The job is in a state that does not allow this."),
    JOB_UNKNOWN(4106, ErrorKind.USER, "No job of that id is known."),
    JOB_EXISTS(4107, ErrorKind.USER, "A job of that id is already running."),
    ENGINE_CLOSED(4108, ErrorKind.USER, "The engine has been closed."),
    TIMED_OUT(4109, ErrorKind.EXTERNAL, "Waiting took longer than the given time."),

    WORKER_LOST(4110, ErrorKind.EXTERNAL, "A worker that ran part of a job was lost."),
    MASTER_RESTARTED(4111, ErrorKind.EXTERNAL, "The master ended before the job was running."),
    RESOURCES_IMPOSSIBLE(4112, ErrorKind.CAPACITY, "No worker is large enough for a task of the job."),
    RESOURCES_MISSING(4113, ErrorKind.CAPACITY, "The cluster has too few workers for the job, and none came in time."),
    WORKER_EXISTS(4114, ErrorKind.USER, "Another living worker has the same id."),
    WORKER_UNKNOWN(4115, ErrorKind.USER, "No worker of that id is known."),
    MESSAGE_INVALID(4116, ErrorKind.USER, "A message from another process breaks the contract between them."),
    NAME_AMBIGUOUS(4117, ErrorKind.USER, "The beginning of an id fits more than one."),
    NOT_LEADER(4118, ErrorKind.EXTERNAL, "The master is a standby: another one leads."),
    WORKER_DRAINED(4119, ErrorKind.EXTERNAL, "A worker that ran part of a job is being drained."),

    PORT_IN_USE(4201, ErrorKind.EXTERNAL, "Another process already listens on the port."),
    BIND_FAILED(4202, ErrorKind.EXTERNAL, "The address to listen on is not of this machine, or not permitted."),
    BIND_INSECURE(4203, ErrorKind.USER, "An address that others can reach needs TLS and tokens, or insecure: true."),
    TLS_INVALID(4204, ErrorKind.USER, "A certificate, key or authority is missing, damaged, expired or of another."),
    TOKENS_INVALID(4205, ErrorKind.USER, "The file of users and tokens is missing, malformed or readable by others."),
    MASTER_UNREACHABLE(4206, ErrorKind.EXTERNAL, "The connection to a master or worker could not be made, or broke."),
    CALLER_REFUSED(4207, ErrorKind.USER, "The call came without a token or certificate that the server knows."),
    MESSAGE_TOO_LARGE(4208, ErrorKind.CAPACITY, "A message is larger than the receiving process accepts."),
    CALL_FAILED(4209, ErrorKind.EXTERNAL, "A call to a master or worker failed for a reason of gRPC itself."),
    STORE_UNREACHABLE(4210, ErrorKind.EXTERNAL, "The state backend did not answer, or not usefully, for too long."),
    STORE_REFUSED(4211, ErrorKind.EXTERNAL, "The state backend refused the credentials, or what they may do."),
    STORE_BUSY(4212, ErrorKind.CAPACITY, "The state backend asked for slower requests for too long."),
    STORE_UNFIT(4213, ErrorKind.USER, "The state backend does not keep the promises that checkpoints need."),

    INTERNAL(9001, ErrorKind.SYSTEM, "A defect of Solstice. Please report it with the log.");

    private final int number;
    private final ErrorKind kind;
    private final String meaning;

    ErrorCode(int number, ErrorKind kind, String meaning) {
        this.number = number;
        this.kind = kind;
        this.meaning = meaning;
    }

    /** The permanent form, for example {@code SOL-1103}. */
    public String code() {
        return "SOL-" + number;
    }

    public ErrorKind kind() {
        return kind;
    }

    /** One sentence that says what the code means in general. */
    public String meaning() {
        return meaning;
    }

    /** Starts an error of this code; {@code what} says what happened, in one line, in the user's words. */
    public SolsticeError error(String what) {
        return new SolsticeError(this, what, "", "", "");
    }
}
