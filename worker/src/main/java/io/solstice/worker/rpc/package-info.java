/** A worker's service for operators. Start with {@link io.solstice.worker.rpc.WorkerAdminRpc}. */
@NullMarked
package io.solstice.worker.rpc;

import org.jspecify.annotations.NullMarked;
