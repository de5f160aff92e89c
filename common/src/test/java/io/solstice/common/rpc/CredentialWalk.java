package io.solstice.common.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Calls every method of a server, whatever it is, with an empty message, and says how each call ended. */
public final class CredentialWalk {
    private static final long LIMIT_SECS = 10;
    private static final MethodDescriptor.Marshaller<byte[]> NOTHING = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            return new byte[0];
        }
    };

    private CredentialWalk() {}

    /** Fails unless the server refuses all methods but those of health; the channel must carry no credentials. */
    public static void everyMethodIsRefused(RpcServer server, ManagedChannel channel) throws Exception {
        List<String> methods = new ArrayList<>();
        for (ServerServiceDefinition service : server.services()) {
            for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
                String name = method.getMethodDescriptor().getFullMethodName();
                methods.add(name);
                if (!name.startsWith("grpc.health.")) {
                    assertThat(end(channel, method.getMethodDescriptor()).getCode())
                            .as(name)
                            .isEqualTo(Status.Code.UNAUTHENTICATED);
                }
            }
        }
        assertThat(methods).as("methods of the server").hasSizeGreaterThan(4);
    }

    private static Status end(ManagedChannel channel, MethodDescriptor<?, ?> method) throws Exception {
        CompletableFuture<Status> end = new CompletableFuture<>();
        ClientCall<byte[], byte[]> call = channel.newCall(
                MethodDescriptor.<byte[], byte[]>newBuilder(NOTHING, NOTHING)
                        .setType(method.getType())
                        .setFullMethodName(method.getFullMethodName())
                        .build(),
                CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status);
                    }
                },
                new Metadata());
        call.sendMessage(new byte[0]);
        call.halfClose();
        call.request(1);
        return end.get(LIMIT_SECS, TimeUnit.SECONDS);
    }
}
