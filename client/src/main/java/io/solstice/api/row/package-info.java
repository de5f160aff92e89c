/** Rows as maps and as Java records, and how their values map to Arrow types. */
@NullMarked
package io.solstice.api.row;

import org.jspecify.annotations.NullMarked;
