@NullMarked
package io.solstice.worker.rpc;

import org.jspecify.annotations.NullMarked;
