@NullMarked
package io.solstice.master.rpc;

import org.jspecify.annotations.NullMarked;
