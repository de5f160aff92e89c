/**
 * The one codec between the records of {@code protocol}, {@code graph} and {@code error} and the generated messages of
 * the wire contract. Generated messages go no further than this package and the {@code rpc} packages.
 *
 * <p>Each codec has {@code toProto} and {@code fromProto}. Whatever comes in is checked: an unknown word, a missing
 * part, a name that is too long or a value that is nested too deeply is refused with a coded error and never becomes a
 * record. Start with {@link io.solstice.common.wire.MessageCodec}.
 */
@NullMarked
package io.solstice.common.wire;

import org.jspecify.annotations.NullMarked;
