/**
 * What every Solstice process agrees on. Plain data and small mechanisms only: no Arrow, no user code, no network.
 *
 * <p>Start with {@code graph.JobGraph} (all that a master sees of a job), then {@code protocol} (what master and
 * workers tell each other) and {@code error.ErrorCode} (the numbered list of what can go wrong).
 */
@NullMarked
package io.solstice.common;

import org.jspecify.annotations.NullMarked;
