/** Ids as types, so that a stage id cannot be passed where a job id is meant. */
@NullMarked
package io.solstice.common.id;

import org.jspecify.annotations.NullMarked;
