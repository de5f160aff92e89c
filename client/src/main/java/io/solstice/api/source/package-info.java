/**
 * Sources: the documented built-in ones, and the interfaces of one's own. Start with
 * {@link io.solstice.api.source.Source}.
 */
@NullMarked
package io.solstice.api.source;

import org.jspecify.annotations.NullMarked;
