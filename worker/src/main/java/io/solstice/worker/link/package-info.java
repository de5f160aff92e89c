/** The stream between a worker and its master. Start with {@link io.solstice.worker.link.MasterPort}. */
@NullMarked
package io.solstice.worker.link;

import org.jspecify.annotations.NullMarked;
