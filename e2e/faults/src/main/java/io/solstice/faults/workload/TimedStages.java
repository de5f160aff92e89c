package io.solstice.faults.workload;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.sink.FileSink;
import io.solstice.api.time.Watermarks;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** The beginning and the end that the jobs over rows with times have in common. */
final class TimedStages {
    static final String TIME = "event_time";
    private static final int TASKS = 2;

    private final Load load;

    TimedStages(Load load) {
        this.load = load;
    }

    Job job(JobContext context) {
        return new Job(context).checkpointIntervalSecs(load.intervalSecs()).stateStore(load.backend());
    }

    /** A source of two partitions, each read by a task of its own. */
    Stage source(String id, int firstPart, boolean mayBeLate) {
        return Stage.source(id, () -> new TimedSource(load, firstPart, TASKS, mayBeLate))
                .parallelism(TASKS)
                .watermarks(Watermarks.of(TIME)
                        .delay(micros(Timed.DELAY))
                        // A partition that stands still because something was done to it must hold time back.
                        .idleTimeout(Duration.ofHours(1)));
    }

    /** Files of what the stage of that name makes. */
    Stage files(String output) {
        String folder = Path.of(load.output()).resolve(output).toString();
        return Stage.of(output + "_files", FileSink.json(folder)).parallelism(TASKS);
    }

    static Duration micros(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
