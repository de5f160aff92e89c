package io.solstice.connector.lance;

import io.solstice.api.sink.SinkCommit;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import org.lance.Dataset;
import org.lance.Transaction;

/**
 * What a table version says about the commit that made it. It stands in the version's transaction, so that a repeated
 * commit finds its own earlier success, and a later one that the job has begun to write.
 */
record CommitKey(String checkpoint, String submission, Map<String, String> properties) {
    private static final String CHECKPOINT = "solstice.checkpoint";
    private static final String SUBMISSION = "solstice.submission";

    private static final long HIGHEST_BIT = 1L << 31;

    static CommitKey of(SinkCommit which) {
        String sink = which.jobId() + "/" + which.stageId() + "/";
        String checkpoint = sink + which.checkpointId();
        String submission = sink + which.submission();
        return new CommitKey(
                checkpoint,
                submission,
                Map.of(
                        CHECKPOINT,
                        checkpoint,
                        SUBMISSION,
                        submission,
                        "solstice.run",
                        which.runId(),
                        "solstice.epoch",
                        Long.toString(which.epoch())));
    }

    /** The number of a fragment that no table will ever have: Lance numbers them from 0, in 32 bits. */
    long token() {
        CRC32 digest = new CRC32();
        digest.update(checkpoint.getBytes(StandardCharsets.UTF_8));
        return digest.getValue() | HIGHEST_BIT;
    }

    /** Whether that version was made by this very commit, perhaps in another run. */
    boolean made(Dataset version) {
        return checkpoint.equals(properties(version).get(CHECKPOINT));
    }

    /** Whether that version was made by any commit of the submission. */
    boolean isOfSubmission(Dataset version) {
        return submission.equals(properties(version).get(SUBMISSION));
    }

    private static Map<String, String> properties(Dataset version) {
        return version.readTransaction()
                .map(transaction -> {
                    try (Transaction open = transaction) {
                        return open.transactionProperties().orElse(Map.of());
                    }
                })
                .orElse(Map.of());
    }
}
