package io.solstice.master.cluster;

/**
 * How often something of the past was turned away under this master.
 *
 * @param workers came with a part of a job that had begun again without them
 * @param checkpoints of this master were refused, because another one leads the job
 */
public record Fenced(int workers, int checkpoints) {
    static final Fenced NONE = new Fenced(0, 0);

    Fenced worker() {
        return new Fenced(workers + 1, checkpoints);
    }

    Fenced checkpoint() {
        return new Fenced(workers, checkpoints + 1);
    }
}
