/**
 * The job graph as plain data, its checks, and its division into fused chains and tasks. Start with
 * {@link io.solstice.common.graph.JobGraph}.
 */
@NullMarked
package io.solstice.common.graph;

import org.jspecify.annotations.NullMarked;
