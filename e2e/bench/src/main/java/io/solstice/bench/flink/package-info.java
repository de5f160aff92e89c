/**
 * The Nexmark queries on Apache Flink, with object reuse on: with its DataStream API, state on the heap or in RocksDB,
 * and with its SQL.
 */
@NullMarked
package io.solstice.bench.flink;

import org.jspecify.annotations.NullMarked;
