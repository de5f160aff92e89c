@NullMarked
package io.solstice.faults.rig;

import org.jspecify.annotations.NullMarked;
