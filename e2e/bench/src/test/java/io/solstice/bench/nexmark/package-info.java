@NullMarked
package io.solstice.bench.nexmark;

import org.jspecify.annotations.NullMarked;
