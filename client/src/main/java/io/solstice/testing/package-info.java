/** The test kit for users: a hostile harness for one operator, and whole jobs on rows in memory. */
@NullMarked
package io.solstice.testing;

import org.jspecify.annotations.NullMarked;
