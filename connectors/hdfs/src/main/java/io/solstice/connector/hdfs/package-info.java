/**
 * Objects as files of HDFS: written beside their place, synced and renamed there, which fails if the place is taken.
 * Found by {@code type: "dfs"}; nobody imports this package. Start with
 * {@link io.solstice.connector.hdfs.HdfsObjectStore}.
 */
@NullMarked
package io.solstice.connector.hdfs;

import org.jspecify.annotations.NullMarked;
