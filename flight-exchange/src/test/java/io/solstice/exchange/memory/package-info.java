@NullMarked
package io.solstice.exchange.memory;

import org.jspecify.annotations.NullMarked;
