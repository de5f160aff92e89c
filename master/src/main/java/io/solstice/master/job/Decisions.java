package io.solstice.master.job;

import java.util.List;

/**
 * What a {@link JobCoordinator} has decided, beside what its workers shall do.
 *
 * @param facts to be remembered, before the moves
 * @param moves from state to state, to be remembered in order
 * @param requests to the store of its checkpoints
 * @param answers to those who asked for checkpoints
 */
public record Decisions(List<JobFact> facts, List<Move> moves, List<StoreRequest> requests, List<Answer> answers) {}
