package io.solstice.cli;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.StateBackend;
import io.solstice.api.config.Config;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.NearestName;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.graph.CheckpointPolicy;
import io.solstice.common.graph.StateStore;
import io.solstice.common.id.JobId;
import io.solstice.common.loop.Clock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a job is run with: flags, then the YAML file, then the workflow's own defaults, the first that says anything
 * wins.
 *
 * @param context what the workflow is given
 * @param isNamed whether the job id was given; else it is made of the current second
 * @param checkpointIntervalSecs null leaves it to the workflow
 * @param checkpointIntervalRecords null leaves it to the workflow
 * @param stateStore null leaves it to the workflow
 * @param stateMemory of each store, in bytes; null leaves it to the workflow
 */
record RunSettings(
        JobContext context,
        boolean isNamed,
        @Nullable Double checkpointIntervalSecs,
        @Nullable Long checkpointIntervalRecords,
        @Nullable StateStore stateStore,
        @Nullable Long stateMemory) {
    private static final String BY_TIME = "job_";
    private static final String SECS = "checkpoint_interval_secs";
    private static final String RECORDS = "checkpoint_interval_records";

    /** The command line's part. Null where a flag is not given. */
    record Flags(
            @Nullable String jobId,
            @Nullable Double checkpointInterval,
            @Nullable Long checkpointRecords,
            @Nullable String stateBackend,
            @Nullable String statePath,
            @Nullable String statePrefix,
            Map<String, Object> workflowOptions) {}

    static RunSettings merge(Flags flags, JobFile file) {
        Double secs = flags.checkpointInterval() == null ? file.checkpointIntervalSecs() : flags.checkpointInterval();
        Long records = flags.checkpointRecords() == null ? file.checkpointIntervalRecords() : flags.checkpointRecords();
        new CheckpointPolicy(secs == null ? 300 : secs, records == null ? 0 : records);
        Map<String, Object> config = new LinkedHashMap<>(file.config());
        putIfGiven(config, SECS, secs);
        putIfGiven(config, RECORDS, records);
        config.putAll(flags.workflowOptions());
        String id = flags.jobId() == null ? file.jobId() : flags.jobId();
        JobId jobId = new JobId(id == null ? BY_TIME + Clock.SYSTEM.wallMillis() / 1000 : id);
        StateBackend backend = stateBackend(flags, file.stateBackend());
        JobContext context = new JobContext(jobId.value(), Config.of(config), backend);
        return new RunSettings(context, id != null, secs, records, file.stateStore(), file.stateMemory());
    }

    /** For a job that was given no id, when another has taken the one of its second. */
    RunSettings aSecondLater() {
        long second = Long.parseLong(context.jobId().substring(BY_TIME.length()));
        return new RunSettings(
                new JobContext(BY_TIME + (second + 1), context.config(), context.stateBackend()),
                isNamed,
                checkpointIntervalSecs,
                checkpointIntervalRecords,
                stateStore,
                stateMemory);
    }

    /** @param file what a job file says of it */
    static StateBackend stateBackend(Flags flags, Map<String, Object> file) {
        return StateBackend.fromConfig(backendKeys(flags, file));
    }

    private static void putIfGiven(Map<String, Object> config, String key, @Nullable Object value) {
        if (value != null) {
            config.put(key, value);
        }
    }

    /** The YAML block with the flags laid over it; another type on the command line starts from nothing. */
    private static Map<String, Object> backendKeys(Flags flags, Map<String, Object> file) {
        String type = flags.stateBackend();
        Map<String, Object> keys = new LinkedHashMap<>();
        if (type == null || type.equals(file.get("type"))) {
            keys.putAll(file);
        }
        putIfGiven(keys, "type", type);
        putIfGiven(keys, "s3".equals(keys.get("type")) ? "bucket" : "base_path", flags.statePath());
        putIfGiven(keys, "prefix", flags.statePrefix());
        return keys;
    }

    /** Lays what was given outside over what the workflow set itself. */
    void applyTo(Job job) {
        if (checkpointIntervalSecs != null) {
            job.checkpointIntervalSecs(checkpointIntervalSecs);
        }
        if (checkpointIntervalRecords != null) {
            job.checkpointIntervalRecords(checkpointIntervalRecords);
        }
        if (stateStore != null) {
            job.stateStore(stateStore);
        }
        if (stateMemory != null) {
            job.stateMemory(stateMemory);
        }
    }

    /**
     * After the workflow has built its job: a setting that it never asked for, but whose name is near one that it did,
     * is a slip and refused. Others are only mentioned, since a workflow may read a setting in some cases alone.
     */
    void checkAllRead(OutputStream notes) {
        TreeSet<String> asked = new TreeSet<>(context.config().askedKeys());
        List<String> unread = new ArrayList<>();
        for (String key : new TreeSet<>(given())) {
            if (asked.contains(key) || key.equals(SECS) || key.equals(RECORDS)) {
                continue;
            }
            if (NearestName.of(key, asked).isPresent()) {
                throw unknown(key, asked).toException();
            }
            unread.add(key);
        }
        if (!unread.isEmpty()) {
            note(
                    notes,
                    "note: the workflow does not read " + String.join(", ", unread) + "; it reads "
                            + (asked.isEmpty() ? "no settings" : String.join(", ", asked)));
        }
    }

    private static SolsticeError unknown(String key, TreeSet<String> asked) {
        return ErrorCode.OPTION_UNKNOWN
                .error("the workflow has no setting '" + key + "'")
                .where("config." + key + " (--" + key.replace('_', '-') + ")")
                .help(NearestName.help(key, asked));
    }

    private TreeSet<String> given() {
        // A copy, because looking at the values would count as asking for them.
        return new TreeSet<>(context.config().givenKeys());
    }

    private static void note(OutputStream notes, String text) {
        try {
            notes.write((text + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
            notes.flush();
        } catch (IOException closed) {
            // nobody reads notes any more
        }
    }
}
