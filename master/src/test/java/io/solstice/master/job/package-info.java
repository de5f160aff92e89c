@NullMarked
package io.solstice.master.job;

import org.jspecify.annotations.NullMarked;
