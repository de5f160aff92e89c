/**
 * Parquet, read and written by DuckDB, which hands over and takes Arrow vectors without copying. Start with
 * {@link io.solstice.connector.parquet.ParquetConnector}. {@code ParquetSource} and {@code ParquetReader} read groups
 * of rows; {@code ParquetSink} and {@code ParquetWriter} write; {@code StoredSchema} and {@code SqlTypes} bring Arrow
 * types back that Parquet alone does not know.
 */
@NullMarked
package io.solstice.connector.parquet;

import org.jspecify.annotations.NullMarked;
