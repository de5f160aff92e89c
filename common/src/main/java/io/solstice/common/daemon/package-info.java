/**
 * The life of a master's or worker's process, whatever it does in between: settings, log, start, a sign that it is up,
 * an orderly end on a signal, exit codes. The shell's side of it is {@code bin/solstice-env.sh}.
 *
 * <p>Start with {@link io.solstice.common.daemon.Daemon}. Nothing but the {@code *Main} classes imports it.
 */
@NullMarked
package io.solstice.common.daemon;

import org.jspecify.annotations.NullMarked;
