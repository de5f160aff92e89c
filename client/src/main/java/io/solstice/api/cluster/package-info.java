/**
 * Jobs on a cluster: {@link io.solstice.api.cluster.SolsticeClient} connects to a master,
 * {@link io.solstice.api.cluster.Submission} says what to run. Generated messages stay inside of this package and of the
 * command.
 */
@NullMarked
package io.solstice.api.cluster;

import org.jspecify.annotations.NullMarked;
