@NullMarked
package io.solstice.exchange.batch;

import org.jspecify.annotations.NullMarked;
