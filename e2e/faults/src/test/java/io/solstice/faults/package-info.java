@NullMarked
package io.solstice.faults;

import org.jspecify.annotations.NullMarked;
