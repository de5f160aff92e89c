/**
 * The roads that stream elements travel on between two tasks, bounded in bytes. Start with
 * {@link io.solstice.exchange.channel.Channel}.
 */
@NullMarked
package io.solstice.exchange.channel;

import org.jspecify.annotations.NullMarked;
