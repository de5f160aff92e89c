@NullMarked
package io.solstice.worker.job;

import org.jspecify.annotations.NullMarked;
