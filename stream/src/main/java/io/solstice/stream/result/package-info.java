/** What a pipeline gives out: {@link io.solstice.stream.result.Results}, and their ids, as rows, JSON and figures. */
@NullMarked
package io.solstice.stream.result;

import org.jspecify.annotations.NullMarked;
