/** Behaviour of JSON and CSV sources and sinks, driven directly with contexts of their own. */
@NullMarked
package io.solstice.connector.files;

import org.jspecify.annotations.NullMarked;
