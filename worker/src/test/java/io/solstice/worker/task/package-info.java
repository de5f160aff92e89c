@NullMarked
package io.solstice.worker.task;

import org.jspecify.annotations.NullMarked;
