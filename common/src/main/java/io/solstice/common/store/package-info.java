/**
 * Where checkpoints, manifests and leases are kept: {@link io.solstice.common.store.ObjectStore} is a small set of
 * promises that a directory, a bucket and HDFS all keep. Its heart is that an object is written once: of all who create
 * a key exactly one wins, an object is there whole or not at all, and it never changes. Nothing is ever overwritten, so
 * what must move on, such as a lease, is a rising row of objects ({@link io.solstice.common.store.NumberedObjects}).
 *
 * <p>Start with {@link io.solstice.common.store.ObjectStores}, which opens the store that {@code state_backend} names.
 * The drivers of other systems are modules of their own, found by {@code ServiceLoader}. Any module may import this.
 */
@NullMarked
package io.solstice.common.store;

import org.jspecify.annotations.NullMarked;
