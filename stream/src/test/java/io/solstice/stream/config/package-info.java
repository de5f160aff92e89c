@NullMarked
package io.solstice.stream.config;

import org.jspecify.annotations.NullMarked;
