@NullMarked
package io.solstice.exchange.flight;

import org.jspecify.annotations.NullMarked;
