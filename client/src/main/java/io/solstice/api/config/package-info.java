/** How stages and workflows are configured: named options with defaults, checks and helpful refusals. */
@NullMarked
package io.solstice.api.config;

import org.jspecify.annotations.NullMarked;
