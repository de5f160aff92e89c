@NullMarked
package io.solstice.worker;

import org.jspecify.annotations.NullMarked;
