@NullMarked
package io.solstice.master;

import org.jspecify.annotations.NullMarked;
