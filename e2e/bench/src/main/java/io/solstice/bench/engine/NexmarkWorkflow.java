package io.solstice.bench.engine;

import io.solstice.api.Job;
import io.solstice.api.JobContext;
import io.solstice.api.Stage;
import io.solstice.api.Workflow;
import io.solstice.api.config.Config;
import io.solstice.bench.nexmark.Checksum;
import io.solstice.bench.nexmark.Query;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A query as a workflow, which any engine can run, in this process or in others: all that it needs is in its
 * configuration, and what its result comes to is left in a file.
 */
public final class NexmarkWorkflow implements Workflow {
    private static final String SEED = "seed";
    private static final String QUERY = "query";
    private static final String VARIANT = "variant";
    private static final String EVENTS = "events";
    private static final String PARALLELISM = "parallelism";
    private static final String RESULT = "result_file";

    /**
     * @param variant how it is done: {@code expr}, {@code exchange} or {@code hash}
     * @param result the file for the checksum
     */
    public static JobContext context(
            String jobId, Query query, String variant, long seed, long events, int parallelism, Path result) {
        return JobContext.of(jobId)
                .withConfig(Config.EMPTY
                        .with(QUERY, query.toString())
                        .with(VARIANT, variant)
                        .with(SEED, seed)
                        .with(EVENTS, events)
                        .with(PARALLELISM, parallelism)
                        .with(RESULT, result.toString()));
    }

    /** What a run that has ended came to. */
    public static Checksum result(Path file) throws IOException {
        return Checksum.parse(Files.readString(file));
    }

    @Override
    public Job createJob(JobContext context) {
        Config config = context.config();
        Query query = Query.valueOf(config.required(QUERY).toUpperCase(Locale.ROOT));
        Variant variant = Variant.valueOf(config.required(VARIANT).toUpperCase(Locale.ROOT));
        long seed = config.wholeNumber(SEED, 0);
        long events = config.wholeNumber(EVENTS, 1);
        int parallelism = config.positive(PARALLELISM, 1);
        Path file = Path.of(config.required(RESULT));
        Stage source = Stage.source("events", () -> new NexmarkSource(seed, events, parallelism, false, () -> {}));
        Stage sink = Stage.sink("checksum", () -> new ChecksumSink(query, result -> write(file, result)));
        return NexmarkJob.in(new Job(context), query, variant, parallelism, source, sink);
    }

    private static void write(Path file, Checksum result) {
        try {
            Files.writeString(file, result.toString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
