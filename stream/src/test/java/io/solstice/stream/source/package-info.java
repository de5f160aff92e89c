@NullMarked
package io.solstice.stream.source;

import org.jspecify.annotations.NullMarked;
