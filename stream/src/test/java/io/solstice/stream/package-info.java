@NullMarked
package io.solstice.stream;

import org.jspecify.annotations.NullMarked;
