/**
 * Runs users' functions on Java records over batches. For each operator one class is generated whose loop reads columns
 * by address, makes the record, calls the function and writes what it returns, so that the JIT inlines all of it and
 * removes the records. Start with {@link io.solstice.worker.record.RecordMap}. Everything here is used by one thread at
 * a time.
 */
@NullMarked
package io.solstice.worker.record;

import org.jspecify.annotations.NullMarked;
