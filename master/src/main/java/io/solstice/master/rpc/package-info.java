/**
 * A master's door: its gRPC services. They turn messages into records, hand those to the
 * {@link io.solstice.master.Master}, and turn its answers into messages; nothing is decided here. Start with
 * {@link io.solstice.master.rpc.WorkerLinkService}, {@link io.solstice.master.rpc.JobServiceRpc} and
 * {@link io.solstice.master.rpc.AdminServiceRpc}.
 */
@NullMarked
package io.solstice.master.rpc;

import org.jspecify.annotations.NullMarked;
