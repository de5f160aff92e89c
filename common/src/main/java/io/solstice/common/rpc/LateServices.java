package io.solstice.common.rpc;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.solstice.common.error.SolsticeError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Services that a server shows from its start, and that answer only while something stands behind them; until then, and
 * after it, every call is refused with one coded error. Any thread may use it.
 */
public final class LateServices {
    private volatile Map<String, ServerMethodDefinition<?, ?>> methods = Map.of();
    private volatile SolsticeError refusal;

    public LateServices(SolsticeError refusal) {
        this.refusal = refusal;
    }

    /** What to give a server. */
    public BindableService of(ServiceDescriptor service) {
        ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(service);
        service.getMethods().forEach(method -> definition.addMethod(late(method)));
        return definition::build;
    }

    private <Q, R> ServerMethodDefinition<Q, R> late(MethodDescriptor<Q, R> method) {
        return ServerMethodDefinition.create(
                method, (call, headers) -> handler(method).startCall(call, headers));
    }

    /** Methods of one name have messages of one type. */
    @SuppressWarnings("unchecked")
    private <Q, R> ServerCallHandler<Q, R> handler(MethodDescriptor<Q, R> method) {
        ServerMethodDefinition<?, ?> found = methods.get(method.getFullMethodName());
        if (found == null) {
            throw refusal.toException();
        }
        return ((ServerMethodDefinition<Q, R>) found).getServerCallHandler();
    }

    /** From now on these answer. */
    public void open(List<BindableService> services) {
        Map<String, ServerMethodDefinition<?, ?>> opened = new HashMap<>();
        services.forEach(service -> service.bindService()
                .getMethods()
                .forEach(method -> opened.put(method.getMethodDescriptor().getFullMethodName(), method)));
        methods = Map.copyOf(opened);
    }

    /** From now on new calls are refused with this; those under way go on. */
    public void refuse(SolsticeError why) {
        refusal = why;
        methods = Map.of();
    }
}
