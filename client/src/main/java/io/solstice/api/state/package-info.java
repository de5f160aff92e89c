/** State that an operator keeps for each key, and timers. Start with {@link io.solstice.api.state.KeyedOperator}. */
@NullMarked
package io.solstice.api.state;

import org.jspecify.annotations.NullMarked;
