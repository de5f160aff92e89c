package io.solstice.common.id;

/**
 * The id of a job, unique among the running jobs of a cluster. Letters, digits, {@code . _ -}, at most 128 characters.
 */
public record JobId(String value) {
    public JobId {
        Names.check("job", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
