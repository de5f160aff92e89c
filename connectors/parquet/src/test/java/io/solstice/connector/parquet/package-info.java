/** Behaviour of the Parquet source and sink, driven directly with contexts of their own. */
@NullMarked
package io.solstice.connector.parquet;

import org.jspecify.annotations.NullMarked;
