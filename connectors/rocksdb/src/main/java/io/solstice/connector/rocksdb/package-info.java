/** State by key in RocksDB, for {@code state.backend: rocksdb}. */
@NullMarked
package io.solstice.connector.rocksdb;

import org.jspecify.annotations.NullMarked;
