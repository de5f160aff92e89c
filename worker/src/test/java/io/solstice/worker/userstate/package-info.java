@NullMarked
package io.solstice.worker.userstate;

import org.jspecify.annotations.NullMarked;
