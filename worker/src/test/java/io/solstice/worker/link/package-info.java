@NullMarked
package io.solstice.worker.link;

import org.jspecify.annotations.NullMarked;
