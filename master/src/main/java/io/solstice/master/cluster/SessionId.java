package io.solstice.master.cluster;

/** One connection of a worker. A worker that connects again has another session. */
public record SessionId(long number) {
    @Override
    public String toString() {
        return "session " + number;
    }
}
