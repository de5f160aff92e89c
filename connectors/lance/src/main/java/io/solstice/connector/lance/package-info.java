/**
 * Reads and writes Lance tables. {@link io.solstice.connector.lance.LanceConnector} is found by {@code ServiceLoader};
 * reading is {@code TableSource} and {@code TableReader}, writing is {@code TableSink}, {@code TableWriter} and
 * {@code TableCommit}. Lance's own classes stay in this package, and its messages pass through {@code LanceFailure}.
 */
@NullMarked
package io.solstice.connector.lance;

import org.jspecify.annotations.NullMarked;
