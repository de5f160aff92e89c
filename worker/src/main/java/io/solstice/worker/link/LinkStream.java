package io.solstice.worker.link;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.EventLoop;
import io.solstice.common.protocol.WorkerMessage;
import io.solstice.common.rpc.RpcClient;
import io.solstice.common.wire.MessageCodec;
import io.solstice.proto.v1.MasterMessage;
import io.solstice.proto.v1.WorkerLinkGrpc;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One stream to a master. Everything but the doors for other threads runs on the link's loop. */
final class LinkStream {
    /** Told on the link's loop. */
    interface Owner {
        void received(io.solstice.common.protocol.MasterMessage message);

        /** Nothing follows. */
        void closed(SolsticeError why);
    }

    private final RpcClient client;
    private final String master;
    private final int maxWaiting;
    private final EventLoop loop;
    private final Owner owner;
    private final Deque<WorkerMessage> waiting = new ArrayDeque<>();
    private @Nullable ClientCallStreamObserver<io.solstice.proto.v1.WorkerMessage> call;
    private boolean ended;

    LinkStream(RpcClient client, String master, int maxWaiting, EventLoop loop, Owner owner) {
        this.client = client;
        this.master = master;
        this.maxWaiting = maxWaiting;
        this.loop = loop;
        this.owner = owner;
    }

    void begin(WorkerMessage first) {
        if (ended) {
            client.close();
            return;
        }
        waiting.addFirst(first);
        WorkerLinkGrpc.newStub(client.channel()).connect(new Incoming());
        drain();
    }

    /** Called by gRPC's threads. */
    private final class Incoming implements ClientResponseObserver<io.solstice.proto.v1.WorkerMessage, MasterMessage> {
        @Override
        public void beforeStart(ClientCallStreamObserver<io.solstice.proto.v1.WorkerMessage> started) {
            call = started;
            started.disableAutoRequestWithInitial(1);
            started.setOnReadyHandler(() -> loop.submit(LinkStream.this::drain));
        }

        @Override
        public void onNext(MasterMessage message) {
            loop.submit(() -> received(message));
        }

        @Override
        public void onError(Throwable failure) {
            SolsticeError why = client.decode(failure).error();
            loop.submit(() -> lost(why));
        }

        @Override
        public void onCompleted() {
            SolsticeError why = ErrorCode.MASTER_UNREACHABLE.error("the " + master + " ended the connection");
            loop.submit(() -> lost(why));
        }
    }

    private void received(MasterMessage message) {
        if (ended || call == null) {
            return;
        }
        try {
            owner.received(MessageCodec.fromProto(message));
            call.request(1);
        } catch (SolsticeException refused) {
            lost(refused.error());
        }
    }

    void send(WorkerMessage message) {
        if (ended) {
            return;
        }
        if (message instanceof WorkerMessage.Heartbeat) {
            waiting.removeIf(WorkerMessage.Heartbeat.class::isInstance);
        }
        waiting.add(message);
        drain();
        if (waiting.size() > maxWaiting) {
            lost(ErrorCode.MASTER_UNREACHABLE
                    .error("the " + master + " does not read what the worker sends")
                    .cause(waiting.size() + " messages are waiting for it"));
        }
    }

    /** Sends what gRPC takes now. */
    private void drain() {
        while (!ended && call != null && call.isReady() && !waiting.isEmpty()) {
            call.onNext(MessageCodec.toProto(waiting.remove()));
        }
    }

    private void lost(SolsticeError why) {
        if (!ended) {
            giveUp();
            owner.closed(why);
        }
    }

    /** Ends the connection after what was sent; the owner hears nothing more. */
    void close() {
        if (ended) {
            return;
        }
        ended = true;
        if (call != null) {
            waiting.forEach(message -> call.onNext(MessageCodec.toProto(message)));
            call.onCompleted();
        }
        letGo();
    }

    /** Ends the connection, whatever waits to be sent; the owner hears nothing more. */
    void giveUp() {
        if (!ended) {
            ended = true;
            waiting.clear();
            client.channel().shutdownNow();
            letGo();
        }
    }

    /** Waits a moment for what was sent last, and so not here. */
    private void letGo() {
        CompletableFuture.runAsync(client::close);
    }
}
