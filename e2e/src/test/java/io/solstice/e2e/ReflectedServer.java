package io.solstice.e2e;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Channel;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a server says about itself by reflection; knows nothing else of it. */
final class ReflectedServer {
    private final Channel channel;
    private final Map<String, FileDescriptorProto> files = new HashMap<>();
    private final Map<String, FileDescriptor> linked = new HashMap<>();

    ReflectedServer(Channel channel) {
        this.channel = channel;
    }

    List<String> services() {
        return ask(ServerReflectionRequest.newBuilder().setListServices("").build())
                .getListServicesResponse()
                .getServiceList()
                .stream()
                .map(ServiceResponse::getName)
                .sorted()
                .toList();
    }

    /** The file that declares a service, a method or a message. */
    FileDescriptor fileOf(String symbol) throws InvalidProtocolBufferException, DescriptorValidationException {
        return link(fetch(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol(symbol)
                .build()));
    }

    private FileDescriptor link(String name) throws InvalidProtocolBufferException, DescriptorValidationException {
        FileDescriptor known = linked.get(name);
        if (known != null) {
            return known;
        }
        FileDescriptorProto file = files.get(name);
        if (file == null) {
            fetch(ServerReflectionRequest.newBuilder().setFileByFilename(name).build());
            return link(name);
        }
        List<FileDescriptor> imports = new ArrayList<>();
        for (String imported : file.getDependencyList()) {
            imports.add(link(imported));
        }
        FileDescriptor made = FileDescriptor.buildFrom(file, imports.toArray(new FileDescriptor[0]));
        linked.put(name, made);
        return made;
    }

    /** @return the name of the first file that came */
    private String fetch(ServerReflectionRequest request) throws InvalidProtocolBufferException {
        String first = "";
        for (ByteString bytes : ask(request).getFileDescriptorResponse().getFileDescriptorProtoList()) {
            FileDescriptorProto file = FileDescriptorProto.parseFrom(bytes);
            files.put(file.getName(), file);
            first = first.isEmpty() ? file.getName() : first;
        }
        return first;
    }

    private ServerReflectionResponse ask(ServerReflectionRequest request) {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> call = ServerReflectionGrpc.newStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        answer.completeExceptionally(new IllegalStateException("no answer to " + request));
                    }
                });
        call.onNext(request);
        ServerReflectionResponse response = answer.join();
        call.onCompleted();
        if (response.hasErrorResponse()) {
            throw new IllegalArgumentException(response.getErrorResponse().getErrorMessage());
        }
        return response;
    }
}
