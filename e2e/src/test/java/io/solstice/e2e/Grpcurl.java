package io.solstice.e2e;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.solstice.common.protocol.Endpoint;
import io.solstice.common.rpc.RpcClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Does what the program grpcurl does, for those of its arguments that the documents use. Like it, it knows no
 * {@code .proto} file: services and messages are what the server's reflection says they are.
 *
 * @param addresses where the servers that the arguments name really are
 * @param folder of the files that the arguments name
 */
record Grpcurl(Function<String, Endpoint> addresses, Path folder) {

    /** What the arguments say. */
    private static final class Call {
        private final Metadata headers = new Metadata();
        private final List<String> rest = new ArrayList<>();
        private String data = "{}";
        private Optional<String> authority = Optional.empty();

        Call(List<String> arguments) {
            Iterator<String> next = arguments.iterator();
            while (next.hasNext()) {
                String argument = next.next();
                switch (argument) {
                    case "-plaintext" -> authority = Optional.empty();
                    case "-cacert" -> authority = Optional.of(next.next());
                    case "-d" -> data = next.next();
                    case "-H" -> header(next.next());
                    default -> rest.add(argument);
                }
            }
        }

        private void header(String line) {
            String[] parts = line.split(": ", 2);
            headers.put(Metadata.Key.of(parts[0], Metadata.ASCII_STRING_MARSHALLER), parts[1]);
        }
    }

    /** @return what would be printed; throws what the call fails with */
    String run(List<String> arguments) throws Exception {
        Call call = new Call(arguments);
        RpcClient.Builder builder = RpcClient.to("server", addresses.apply(call.rest.get(0)));
        call.authority.ifPresent(file -> builder.tlsTrusting(Optional.of(folder.resolve(file))));
        try (RpcClient client = builder.build()) {
            Channel channel = ClientInterceptors.intercept(
                    client.channel(), MetadataUtils.newAttachHeadersInterceptor(call.headers));
            ReflectedServer server = new ReflectedServer(channel);
            String verb = call.rest.get(1);
            return switch (verb) {
                case "list" ->
                    call.rest.size() == 2
                            ? String.join("\n", server.services())
                            : methods(service(server, call.rest.get(2)));
                case "describe" -> description(server, call.rest.get(2));
                default -> invoke(channel, method(server, verb), call.data);
            };
        }
    }

    private static String methods(ServiceDescriptor service) {
        return String.join(
                "\n",
                service.getMethods().stream().map(MethodDescriptor::getFullName).toList());
    }

    private static ServiceDescriptor service(ReflectedServer server, String name) throws Exception {
        FileDescriptor file = server.fileOf(name);
        ServiceDescriptor service = file.findServiceByName(name.substring(name.lastIndexOf('.') + 1));
        if (service == null) {
            throw new IllegalArgumentException(name + " is no service");
        }
        return service;
    }

    private static String description(ReflectedServer server, String symbol) throws Exception {
        String name = symbol.substring(symbol.lastIndexOf('.') + 1);
        FileDescriptor file = server.fileOf(symbol);
        Descriptor message = file.findMessageTypeByName(name);
        return message == null
                ? service(server, symbol).toProto().toString()
                : message.toProto().toString();
    }

    private static MethodDescriptor method(ReflectedServer server, String path) throws Exception {
        String[] parts = path.split("/");
        MethodDescriptor method = service(server, parts[0]).findMethodByName(parts[1]);
        if (method == null) {
            throw new IllegalArgumentException("no method " + path);
        }
        return method;
    }

    private static String invoke(Channel channel, MethodDescriptor method, String json) throws Exception {
        DynamicMessage.Builder request = DynamicMessage.newBuilder(method.getInputType());
        JsonFormat.parser().merge(json, request);
        io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> called =
                io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                        .setType(method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY)
                        .setFullMethodName(io.grpc.MethodDescriptor.generateFullMethodName(
                                method.getService().getFullName(), method.getName()))
                        .setRequestMarshaller(
                                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
                        .setResponseMarshaller(
                                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
                        .build();
        Iterator<DynamicMessage> answers = ClientCalls.blockingServerStreamingCall(
                channel, called, CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS), request.build());
        StringBuilder printed = new StringBuilder();
        while (answers.hasNext()) {
            printed.append(JsonFormat.printer().print(answers.next())).append('\n');
        }
        return printed.toString();
    }
}
