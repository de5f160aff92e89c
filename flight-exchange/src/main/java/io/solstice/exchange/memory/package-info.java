/** Where the memory of Arrow buffers comes from: {@link io.solstice.exchange.memory.KeptMemory}. */
@NullMarked
package io.solstice.exchange.memory;

import org.jspecify.annotations.NullMarked;
