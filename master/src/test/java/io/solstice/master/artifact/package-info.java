@NullMarked
package io.solstice.master.artifact;

import org.jspecify.annotations.NullMarked;
