package io.solstice.spi;

/**
 * What a checkpoint has of the state of one stage.
 *
 * @param operator as the job graph names it
 * @param tasks that the stage had
 * @param bytes of all objects that its state is in
 */
public record StageState(String checkpoint, String stage, String operator, int tasks, int objects, long bytes) {}
