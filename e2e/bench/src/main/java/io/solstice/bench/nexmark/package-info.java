/**
 * The Nexmark events and queries, free of any engine. {@link io.solstice.bench.nexmark.Nexmark} says what event n is;
 * {@link io.solstice.bench.nexmark.ColumnGenerator} and {@link io.solstice.bench.nexmark.RowGenerator} write the same
 * events as columns and as objects; {@link io.solstice.bench.nexmark.Checksum} proves that a query saw all of them.
 */
@NullMarked
package io.solstice.bench.nexmark;

import org.jspecify.annotations.NullMarked;
