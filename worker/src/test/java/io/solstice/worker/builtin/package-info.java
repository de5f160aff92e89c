@NullMarked
package io.solstice.worker.builtin;

import org.jspecify.annotations.NullMarked;
