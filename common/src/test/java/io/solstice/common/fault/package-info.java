@NullMarked
package io.solstice.common.fault;

import org.jspecify.annotations.NullMarked;
