/** Who may open which stream: the secret of a run, and the tickets that it signs. Known to master and workers. */
@NullMarked
package io.solstice.common.ticket;

import org.jspecify.annotations.NullMarked;
