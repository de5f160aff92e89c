/** Reading, changing and writing tables of files, on Solstice, DuckDB and Lance's own library. */
@NullMarked
package io.solstice.bench.files;

import org.jspecify.annotations.NullMarked;
