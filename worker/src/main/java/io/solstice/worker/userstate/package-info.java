/** The state and the timers of {@link io.solstice.api.state.KeyedOperator}s. */
@NullMarked
package io.solstice.worker.userstate;

import org.jspecify.annotations.NullMarked;
