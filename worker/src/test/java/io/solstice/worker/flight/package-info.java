@NullMarked
package io.solstice.worker.flight;

import org.jspecify.annotations.NullMarked;
