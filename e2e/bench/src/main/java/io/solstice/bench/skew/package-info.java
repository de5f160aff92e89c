/** What keys with most of the rows cost: a keyed aggregation over uniform and over skewed keys, as whole jobs. */
@NullMarked
package io.solstice.bench.skew;

import org.jspecify.annotations.NullMarked;
