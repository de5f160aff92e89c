package io.solstice.connector.lance;

import io.solstice.api.sink.SinkContext;

/**
 * Names what one stage writes in one run of a job. It stands in the transaction of the table version that publishes it,
 * so that a repeated commit finds its own earlier success.
 */
record RunKey(String text) {
    /** The transaction property that carries it. */
    static final String PROPERTY = "solstice.run";

    static RunKey of(SinkContext context) {
        return new RunKey(context.jobId() + "/" + context.stageId() + "/" + context.runId());
    }
}
