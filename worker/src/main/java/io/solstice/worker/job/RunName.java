package io.solstice.worker.job;

import io.solstice.common.id.RunId;
import io.solstice.common.protocol.JobSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a run is called in files and tables. A master that has forgotten a job counts its runs from the start again, so
 * the generation alone would not tell two runs apart; the request that made the job does. All workers find the same.
 */
final class RunName {
    private static final int HASH_BYTES = 6;

    private RunName() {}

    static String of(RunId run, JobSpec spec) {
        return submission(spec) + "-" + run.generation();
    }

    /** What all runs of one submission have in common. */
    static String submission(JobSpec spec) {
        byte[] hash = sha256(spec.requestId().getBytes(StandardCharsets.UTF_8));
        return spec.job() + "-" + HexFormat.of().formatHex(Arrays.copyOf(hash, HASH_BYTES));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
