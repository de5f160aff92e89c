@NullMarked
package io.solstice.master.journal;

import org.jspecify.annotations.NullMarked;
