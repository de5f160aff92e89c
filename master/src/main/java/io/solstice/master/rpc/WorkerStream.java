package io.solstice.master.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.wire.MessageCodec;
import io.solstice.master.Master;
import io.solstice.master.WorkerPort;
import io.solstice.master.cluster.SessionId;
import io.solstice.proto.v1.MasterMessage;
import io.solstice.proto.v1.WorkerMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One worker's stream. Everything but the two doors for other threads runs on the service's loop. */
final class WorkerStream implements WorkerPort {
    private final ServerCallStreamObserver<MasterMessage> call;
    private final WorkerLinkService service;
    private final Deque<MasterMessage> waiting = new ArrayDeque<>();
    private final long openedMillis;
    private @Nullable Master master;
    private @Nullable SessionId session;
    private long waitingBytes;
    private long stuckSinceMillis;
    private boolean registered;
    private boolean ended;

    WorkerStream(ServerCallStreamObserver<MasterMessage> call, WorkerLinkService service) {
        this.call = call;
        this.service = service;
        this.openedMillis = service.nowMillis();
    }

    void begin(Master newMaster) {
        if (!ended) {
            master = newMaster;
            session = newMaster.connect(this);
            call.request(1);
        }
    }

    /** Called by gRPC's threads. */
    StreamObserver<WorkerMessage> incoming() {
        return new StreamObserver<>() {
            @Override
            public void onNext(WorkerMessage message) {
                service.loop().submit(() -> received(message));
            }

            @Override
            public void onError(Throwable broken) {
                service.loop().submit(() -> gone("its connection broke"));
            }

            @Override
            public void onCompleted() {
                service.loop().submit(() -> {
                    if (!ended) {
                        gone("it closed its connection");
                        call.onCompleted();
                    }
                });
            }
        };
    }

    private void received(WorkerMessage sent) {
        if (ended || master == null || session == null) {
            return;
        }
        try {
            var message = MessageCodec.fromProto(sent);
            if (sent.hasRegister() == registered) {
                throw ErrorCode.MESSAGE_INVALID
                        .error("a worker's connection must begin with its registration, and have only one")
                        .cause(registered ? "a second registration came" : "something else came first")
                        .toException();
            }
            registered = true;
            master.receive(session, message);
            call.request(1);
        } catch (SolsticeException refused) {
            end(refused.error());
        }
    }

    @Override
    public void send(io.solstice.common.protocol.MasterMessage message) {
        service.loop().submit(() -> enqueue(message));
    }

    private void enqueue(io.solstice.common.protocol.MasterMessage message) {
        if (ended) {
            return;
        }
        MasterMessage sent = MessageCodec.toProto(message);
        if (waiting.isEmpty()) {
            stuckSinceMillis = service.nowMillis();
        }
        waiting.add(sent);
        waitingBytes += sent.getSerializedSize();
        drain();
        if (waitingBytes > service.limits().waitingBytes()) {
            end(unread(waitingBytes + " bytes are waiting for it"));
        }
    }

    /** Sends what gRPC takes now. */
    void drain() {
        while (!ended && call.isReady() && !waiting.isEmpty()) {
            sendFirst();
        }
    }

    private void sendFirst() {
        MasterMessage first = waiting.remove();
        waitingBytes -= first.getSerializedSize();
        stuckSinceMillis = service.nowMillis();
        call.onNext(first);
    }

    void checkPatience() {
        long now = service.nowMillis();
        if (!waiting.isEmpty() && now - stuckSinceMillis > service.limits().stuckMillis()) {
            end(unread("it has read nothing for " + (now - stuckSinceMillis) + " ms"));
        } else if (!registered && now - openedMillis > service.limits().registerMillis()) {
            end(ErrorCode.MESSAGE_INVALID
                    .error("the connection was closed because nobody registered on it")
                    .cause("nothing came for " + (now - openedMillis) + " ms"));
        }
    }

    private static SolsticeError unread(String cause) {
        return ErrorCode.WORKER_LOST
                .error("the worker does not read what its master sends")
                .cause(cause);
    }

    /** What was said before is sent first: it may be the refusal that explains the end. */
    @Override
    public void close(SolsticeError why) {
        service.loop().submit(() -> {
            if (!ended) {
                waiting.forEach(call::onNext);
                end(why);
            }
        });
    }

    private void end(SolsticeError why) {
        if (!ended) {
            gone(why.what());
            call.onError(why.toException());
        }
    }

    /** The master does not hear of it: it would take its worker for lost, and leave that to the next one. */
    void endWithMaster() {
        if (!ended) {
            forget();
            call.onError(Status.UNAVAILABLE.withDescription("the master ends").asRuntimeException());
        }
    }

    /** The stream is over, whoever ended it. */
    void gone(String why) {
        if (ended) {
            return;
        }
        forget();
        if (master != null && session != null) {
            master.disconnected(session, why);
        }
    }

    private void forget() {
        ended = true;
        waiting.clear();
        service.ended(this);
    }
}
