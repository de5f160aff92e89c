/**
 * What every gRPC server and client of ours needs, whatever its services: where it listens, who may call, how large a
 * call may be, and how errors travel. It knows none of our services.
 *
 * <p>Start with {@link io.solstice.common.rpc.RpcServer} and {@link io.solstice.common.rpc.RpcClient}. A call passes
 * {@code CallerCheck} (who is it, default deny), then {@code ErrorReplies} (coded errors become a status with the
 * error in a trailer), then the service. {@link io.solstice.common.rpc.BindRules} decides at the start whether the
 * address may be listened on at all.
 */
@NullMarked
package io.solstice.common.rpc;

import org.jspecify.annotations.NullMarked;
