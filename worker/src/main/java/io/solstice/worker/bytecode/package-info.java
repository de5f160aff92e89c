/**
 * Writes the methods of generated classes: instructions, locals, and reads and writes of Arrow memory by address. Knows
 * nothing of expressions and records, which import it.
 */
@NullMarked
package io.solstice.worker.bytecode;

import org.jspecify.annotations.NullMarked;
