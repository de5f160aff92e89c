@NullMarked
package io.solstice.master.lease;

import org.jspecify.annotations.NullMarked;
