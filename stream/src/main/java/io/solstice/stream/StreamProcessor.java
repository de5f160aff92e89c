package io.solstice.stream;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.StateBackend;
import io.solstice.api.StateBackend.LocalStateBackend;
import io.solstice.api.Workflow;
import io.solstice.stream.config.PipelineConfig;
import io.solstice.stream.config.StreamDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The workflow of stream-processor documents: its settings are the document, and its job holds all pipelines. The
 * {@code solstice} command takes it for a configuration file that is such a document.
 */
public final class StreamProcessor implements Workflow {
    /** What the command adds to the settings of every workflow, and lays over the job itself. */
    private static final List<String> OF_THE_COMMAND =
            List.of("checkpoint_interval_secs", "checkpoint_interval_records");

    @Override
    public Job createJob(JobContext context) {
        Map<String, Object> settings = new LinkedHashMap<>(context.config().asMap());
        OF_THE_COMMAND.forEach(settings::remove);
        StreamDocument document = StreamDocument.of(settings);
        Job job = new Job(context).checkpointIntervalSecs(document.checkpointIntervalSecs());
        String statePath = document.statePath();
        if (statePath != null && context.stateBackend().equals(StateBackend.DEFAULT)) {
            job.stateBackend(new LocalStateBackend(statePath));
        }
        job.stateStore(document.stateStore());
        if (document.stateMemoryMib() > 0) {
            job.stateMemory(document.stateMemoryMib() << 20);
        }
        job.stateFolder(statePath == null ? "./state" : statePath);
        for (PipelineConfig pipeline : document.pipelines()) {
            new PipelineStages(document, pipeline).addTo(job);
        }
        return job;
    }
}
