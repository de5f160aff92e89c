package io.solstice.common.rpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeError;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets nobody in but those who are known, whatever the method, except for questions about health. Whoever sends no
 * token gets the same answer as who sends a wrong one.
 */
final class CallerCheck implements ServerInterceptor {
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    static final String BEARER = "Bearer ";

    private static final Logger AUDIT = LoggerFactory.getLogger("io.solstice.audit");
    private static final Set<String> OPEN = Set.of("grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch");

    private final Optional<Tokens> tokens;
    private final boolean certificates;
    private final Set<String> processServices;

    /**
     * @param certificates whether connections prove who they are by a certificate of the cluster's authority
     * @param processServices services for the cluster's own processes
     */
    CallerCheck(Optional<Tokens> tokens, boolean certificates, Set<String> processServices) {
        this.tokens = tokens;
        this.certificates = certificates;
        this.processServices = Set.copyOf(processServices);
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Optional<Caller> caller = caller(call, headers);
        if (caller.isEmpty()) {
            String method = call.getMethodDescriptor().getFullMethodName();
            AUDIT.warn("refused {} from {}", method, call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
            Metadata trailers = new Metadata();
            call.close(RpcErrors.encode(refusal(call), trailers), trailers);
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(Context.current().withValue(Caller.KEY, caller.get()), call, headers, next);
    }

    private Optional<Caller> caller(ServerCall<?, ?> call, Metadata headers) {
        boolean nobodyIsAsked = tokens.isEmpty() && !certificates;
        if (nobodyIsAsked || OPEN.contains(call.getMethodDescriptor().getFullMethodName())) {
            return Optional.of(Caller.ANONYMOUS);
        }
        Optional<Caller> process = process(call);
        return process.isPresent() || needsCertificate(call) ? process : user(headers);
    }

    private boolean needsCertificate(ServerCall<?, ?> call) {
        String service = call.getMethodDescriptor().getServiceName();
        return certificates && service != null && processServices.contains(service);
    }

    /** The handshake has already checked the certificate against the authority. */
    private Optional<Caller> process(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (!certificates || session == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Caller(session.getPeerPrincipal().getName(), Caller.Kind.PROCESS));
        } catch (SSLPeerUnverifiedException without) {
            return Optional.empty();
        }
    }

    private Optional<Caller> user(Metadata headers) {
        String value = headers.get(AUTHORIZATION);
        if (value == null || !value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        String token = value.substring(BEARER.length()).strip();
        return tokens.flatMap(known -> known.owner(token)).map(name -> new Caller(name, Caller.Kind.USER));
    }

    private SolsticeError refusal(ServerCall<?, ?> call) {
        if (needsCertificate(call)) {
            return ErrorCode.CALLER_REFUSED
                    .error("only processes of the cluster may call this")
                    .where(call.getMethodDescriptor().getFullMethodName())
                    .cause("the connection has no certificate of the cluster's authority")
                    .help("set tls_certificate, tls_key and tls_ca in conf/worker.yaml");
        }
        return ErrorCode.CALLER_REFUSED
                .error("the call needs a valid token")
                .where(call.getMethodDescriptor().getFullMethodName())
                .cause("it came with none, or with one that the server does not know")
                .help("send the header 'authorization: Bearer <token>' with a token of the server's tokens_file");
    }
}
