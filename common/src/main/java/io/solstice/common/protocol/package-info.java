/**
 * What a master and a worker tell each other, as data: commands down, reports up. In one process the records are handed
 * over as they are.
 */
@NullMarked
package io.solstice.common.protocol;

import org.jspecify.annotations.NullMarked;
