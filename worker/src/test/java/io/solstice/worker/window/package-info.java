@NullMarked
package io.solstice.worker.window;

import org.jspecify.annotations.NullMarked;
