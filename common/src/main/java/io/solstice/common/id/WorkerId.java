package io.solstice.common.id;

/** The id of a worker process. Letters, digits, {@code . _ -}, at most 128 characters. */
public record WorkerId(String value) implements Comparable<WorkerId> {
    public WorkerId {
        Names.check("worker", value);
    }

    @Override
    public int compareTo(WorkerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
