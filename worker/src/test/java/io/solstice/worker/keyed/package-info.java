@NullMarked
package io.solstice.worker.keyed;

import org.jspecify.annotations.NullMarked;
