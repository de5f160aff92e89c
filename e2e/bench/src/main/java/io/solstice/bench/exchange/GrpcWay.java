package io.solstice.bench.exchange;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Empty;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.solstice.common.protocol.Endpoint;
import io.solstice.exchange.batch.Batch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** As many bytes as a batch has, in a protobuf message, over a gRPC client stream: no Arrow at all. */
final class GrpcWay implements Way {
    static final MethodDescriptor<BytesValue, Empty> METHOD = MethodDescriptor.<BytesValue, Empty>newBuilder()
            .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
            .setFullMethodName("bench.Bytes/Take")
            .setRequestMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .build();

    private final Endpoint receiver;

    GrpcWay(Endpoint receiver) {
        this.receiver = receiver;
    }

    @Override
    public String name() {
        return "grpc";
    }

    @Override
    public void send(long stream, List<Batch> batches, int count) throws Exception {
        List<BytesValue> messages = batches.stream()
                .map(batch -> BytesValue.of(ByteString.copyFrom(new byte[(int) batch.byteSize()])))
                .toList();
        ManagedChannel channel = NettyChannelBuilder.forAddress(receiver.host(), receiver.port())
                .usePlaintext()
                .build();
        try {
            Uploader uploader = new Uploader(Thread.currentThread());
            ClientCalls.asyncClientStreamingCall(channel.newCall(METHOD, CallOptions.DEFAULT), uploader);
            ClientCallStreamObserver<BytesValue> requests = uploader.requests.get();
            for (int i = 0; i < count; i++) {
                while (!requests.isReady()) {
                    LockSupport.park();
                }
                requests.onNext(messages.get(i % messages.size()));
            }
            requests.onCompleted();
            uploader.done.get();
        } finally {
            channel.shutdownNow();
        }
    }

    private static final class Uploader implements ClientResponseObserver<BytesValue, Empty> {
        final CompletableFuture<ClientCallStreamObserver<BytesValue>> requests = new CompletableFuture<>();
        final CompletableFuture<Boolean> done = new CompletableFuture<>();
        private final Thread sender;

        Uploader(Thread sender) {
            this.sender = sender;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<BytesValue> stream) {
            stream.setOnReadyHandler(() -> LockSupport.unpark(sender));
            requests.complete(stream);
        }

        @Override
        public void onNext(Empty answer) {
            done.complete(true);
        }

        @Override
        public void onError(Throwable failure) {
            done.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            done.complete(true);
        }
    }
}
