@NullMarked
package io.solstice.worker.control;

import org.jspecify.annotations.NullMarked;
