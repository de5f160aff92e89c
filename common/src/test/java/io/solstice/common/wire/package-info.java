@NullMarked
package io.solstice.common.wire;

import org.jspecify.annotations.NullMarked;
