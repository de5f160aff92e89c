@NullMarked
package io.solstice.master.checkpoint;

import org.jspecify.annotations.NullMarked;
