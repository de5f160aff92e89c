/** Where state by key lies that is not in tables: stores of bytes, their folders, and their files in checkpoints. */
@NullMarked
package io.solstice.worker.store;

import org.jspecify.annotations.NullMarked;
