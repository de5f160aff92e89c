package io.solstice.common.protocol;

import io.solstice.common.id.JobId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder in a state backend in which the tasks of one run write their states for one checkpoint:
 * {@code {job}/state/{submission}-{generation}-{epoch}}. Masters and processes that know nothing of each other may give
 * their runs the same generation; the submission tells them apart.
 *
 * @param submission as {@link #submission(String)} has it
 */
public record StatePlace(JobId job, String submission, long generation, long epoch) {
    /** Within a submission, in the order of time. */
    public static final Comparator<StatePlace> IN_TIME =
            Comparator.comparingLong(StatePlace::generation).thenComparingLong(StatePlace::epoch);

    private static final int HASH_BYTES = 6;
    private static final Pattern KEY =
            Pattern.compile("([^/]+)/state/([0-9a-f]{12})-([0-9]{1,18})-([0-9]{1,18})/[^/]+");

    /** A short name of the submission that was made by a request, the same in every process. */
    public static String submission(String requestId) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(requestId.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(hash, HASH_BYTES));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** What the keys of all states of a job begin with. */
    public static String folderOf(JobId job) {
        return job + "/state/";
    }

    /** Where an object is, if it is a state. */
    public static Optional<StatePlace> of(String key) {
        Matcher parts = KEY.matcher(key);
        return parts.matches()
                ? Optional.of(new StatePlace(
                        new JobId(parts.group(1)),
                        parts.group(2),
                        Long.parseLong(parts.group(3)),
                        Long.parseLong(parts.group(4))))
                : Optional.empty();
    }

    /** @param name unlike that of any other object of the folder */
    public String key(String name) {
        return folderOf(job) + submission + "-" + generation + "-" + epoch + "/" + name;
    }
}
