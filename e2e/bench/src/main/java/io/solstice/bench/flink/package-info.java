/** The Nexmark queries on Apache Flink's DataStream API, with object reuse on. */
@NullMarked
package io.solstice.bench.flink;

import org.jspecify.annotations.NullMarked;
