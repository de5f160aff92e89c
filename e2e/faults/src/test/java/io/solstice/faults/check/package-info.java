@NullMarked
package io.solstice.faults.check;

import org.jspecify.annotations.NullMarked;
