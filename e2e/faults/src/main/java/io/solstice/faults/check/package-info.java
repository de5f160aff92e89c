/**
 * Accounts for every row of the output: lost, doubled, alien, damaged, taken back, seen too early, left behind. It reads
 * files and tables as a user would, and never drops a row that it has seen before. What a job must have made of its input
 * is told by its {@code Oracle}.
 */
@NullMarked
package io.solstice.faults.check;

import org.jspecify.annotations.NullMarked;
