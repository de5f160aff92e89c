@NullMarked
package io.solstice.bench.adclick;

import org.jspecify.annotations.NullMarked;
