@NullMarked
package io.solstice.worker.code;

import org.jspecify.annotations.NullMarked;
