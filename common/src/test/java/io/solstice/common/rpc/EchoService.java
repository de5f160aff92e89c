package io.solstice.common.rpc;

import com.google.protobuf.ListValue;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.solstice.common.error.ErrorCode;
import io.solstice.proto.v1.Error;

/** A service without a contract file: it does to the caller what the message says. */
record EchoService(String name) implements BindableService {
    EchoService() {
        this("solstice.test.Echo");
    }

    private MethodDescriptor<Error, Error> say() {
        return MethodDescriptor.<Error, Error>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(name + "/Say")
                .setRequestMarshaller(ProtoUtils.marshaller(Error.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(Error.getDefaultInstance()))
                .build();
    }

    private MethodDescriptor<ListValue, Error> nest() {
        return MethodDescriptor.<ListValue, Error>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(name + "/Nest")
                .setRequestMarshaller(ProtoUtils.marshaller(ListValue.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(Error.getDefaultInstance()))
                .build();
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(name)
                .addMethod(say(), ServerCalls.asyncUnaryCall((request, observer) -> {
                    switch (request.getCode()) {
                        case "who" ->
                            observer.onNext(text(Caller.current().kind() + " "
                                    + Caller.current().name()));
                        case "throw" ->
                            throw ErrorCode.JOB_UNKNOWN
                                    .error("no job '" + request.getWhat() + "'")
                                    .help("solstice job list")
                                    .toException();
                        case "defect" -> throw new IllegalStateException("a defect");
                        case "answer" -> {
                            observer.onError(ErrorCode.DISK_FULL.error("full").toException());
                            return;
                        }
                        case "silence" -> {
                            return;
                        }
                        default -> observer.onNext(request);
                    }
                    observer.onCompleted();
                }))
                .addMethod(nest(), ServerCalls.asyncUnaryCall((request, observer) -> {
                    observer.onNext(text("flat enough"));
                    observer.onCompleted();
                }))
                .build();
    }

    private static Error text(String what) {
        return Error.newBuilder().setWhat(what).build();
    }

    String say(Channel channel, String code, String what) {
        Error request = Error.newBuilder().setCode(code).setWhat(what).build();
        return ClientCalls.blockingUnaryCall(channel, say(), CallOptions.DEFAULT, request)
                .getWhat();
    }

    void nest(Channel channel, ListValue value) {
        ClientCalls.blockingUnaryCall(channel, nest(), CallOptions.DEFAULT, value);
    }

    void say(Channel channel, String code, CallOptions options) {
        Error request = Error.newBuilder().setCode(code).build();
        ClientCalls.blockingUnaryCall(channel, say(), options, request);
    }
}
