package io.solstice.worker.record;

/** Decides what happens when a function fails for a row: throw to end the batch, or return to leave the row out. */
@FunctionalInterface
public interface RecordFailures {
    /**
     * @param row the row's position in the batch that was given
     * @param failure what the function threw, as it is, or an error of the engine's if the row does not fit the record
     */
    void failed(int row, Throwable failure);
}
