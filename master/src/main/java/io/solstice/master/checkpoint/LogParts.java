package io.solstice.master.checkpoint;

/**
 * In what pieces the old entries of a job's log are deleted; the same for all who ever use the log.
 *
 * @param length how many entries a piece has
 * @param margin so many entries without a checkpoint come after a piece that is deleted
 * @param pace after so many new entries some old ones are deleted
 */
public record LogParts(int length, int margin, int pace) {
    /** What logs in a state backend have. */
    public static final LogParts USUAL = new LogParts(1_000, CheckpointShelf.GAP, 8);
}
