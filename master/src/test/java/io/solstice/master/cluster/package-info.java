@NullMarked
package io.solstice.master.cluster;

import org.jspecify.annotations.NullMarked;
