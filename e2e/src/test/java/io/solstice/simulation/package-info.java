/**
 * Whole clusters on one thread, in virtual time, from one seed: the deciding code of masters and workers as it is, and
 * around it a network, a journal, processes and users that misbehave. Start with
 * {@link io.solstice.simulation.ClusterSimulationTest}.
 */
@NullMarked
package io.solstice.simulation;

import org.jspecify.annotations.NullMarked;
