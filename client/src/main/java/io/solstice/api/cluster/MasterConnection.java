package io.solstice.api.cluster;

import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a master, and how calls over it are tried, repeated and refused. For programs there is
 * {@link SolsticeClient}; the command also makes calls of its own. Any thread may use it.
 */
public final class MasterConnection implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final int LARGEST_MESSAGE = 32 << 20;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;
    private static final long CLOSE_SECONDS = 5;

    private final ClientOptions options;
    private final Clock clock = Clock.SYSTEM;
    private final ManagedChannel transport;
    private final Channel channel;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Set<Runnable> toldOfTheEnd = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, "solstice-client");
        thread.setDaemon(true);
        return thread;
    });

    private MasterConnection(ClientOptions options, ManagedChannel transport) {
        this.options = options;
        this.transport = transport;
        this.channel = io.grpc.ClientInterceptors.intercept(transport, interceptors(options.token()));
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Opens no connection yet: the first call does. */
    public static MasterConnection open(ClientOptions options) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(
                        options.master().host(), options.master().port())
                .disableServiceConfigLookUp()
                .maxInboundMessageSize(LARGEST_MESSAGE);
        Path ca = options.tlsCa();
        if (ca == null) {
            builder.usePlaintext();
        } else {
            builder.sslContext(trusting(ca));
        }
        return new MasterConnection(options, builder.build());
    }

    private static io.netty.handler.ssl.SslContext trusting(Path ca) {
        try {
            return GrpcSslContexts.forClient().trustManager(ca.toFile()).build();
        } catch (SSLException | IllegalArgumentException unusable) {
            throw ErrorCode.OPTION_INVALID
                    .error("cannot use " + ca + " as the certificates to trust")
                    .where("--tls-ca " + ca)
                    .cause(unusable.toString())
                    .help("give a readable file of certificates in PEM")
                    .toException(unusable);
        }
    }

    private static List<ClientInterceptor> interceptors(@Nullable String token) {
        if (token == null) {
            return List.of();
        }
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + token);
        return List.of(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    public ClientOptions options() {
        return options;
    }

    /**
     * Makes one blocking call, for example {@code call(AdminServiceGrpc::newBlockingStub, admin ->
     * admin.getCluster(request))}. It must be one that may be repeated.
     *
     * @throws SolsticeException the master's own error, or that it cannot be reached
     */
    public <S extends AbstractStub<S>, T> T call(Function<Channel, S> service, Function<S, T> call) {
        return repeated(() -> call.apply(
                service.apply(channel).withDeadlineAfter(options.callTimeout().toMillis(), TimeUnit.MILLISECONDS)));
    }

    /** A stub for streams, without a deadline. */
    <S> S stub(BiFunction<Channel, io.grpc.CallOptions, S> service) {
        return service.apply(channel, io.grpc.CallOptions.DEFAULT);
    }

    /** Repeats the work, with growing pauses, for as long as the master cannot be reached and patience lasts. */
    <T> T repeated(Supplier<T> work) {
        long end = clock.monotonicNanos() + options.patience().toNanos();
        for (long pause = FIRST_PAUSE_MILLIS; ; pause = next(pause)) {
            try {
                return work.get();
            } catch (StatusRuntimeException failed) {
                boolean inTime = clock.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(pause) < end;
                if (!inTime || !CallErrors.mayPass(failed) || isClosed()) {
                    throw isClosed() ? closedError() : CallErrors.of(failed, options);
                }
                pause(pause);
                transport.resetConnectBackoff();
            }
        }
    }

    static long next(long pauseMillis) {
        return pauseMillis == 0 ? FIRST_PAUSE_MILLIS : Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }

    private void pause(long millis) {
        try {
            if (closed.await(millis, TimeUnit.MILLISECONDS)) {
                throw closedError();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.TIMED_OUT
                    .error("interrupted while waiting for the master at " + options.address())
                    .toException(interrupted);
        }
    }

    /** Runs something on the client's own thread after a while; never, if the connection is closed before. */
    void later(long millis, Runnable work) {
        if (!isClosed()) {
            timer.schedule(work, millis, TimeUnit.MILLISECONDS);
        }
    }

    /** Connects at once to a master that may be back, instead of when gRPC would try again. */
    void hurry() {
        transport.resetConnectBackoff();
    }

    /** Has something called when the connection is closed, unless it is forgotten before. */
    void onClose(Runnable told) {
        toldOfTheEnd.add(told);
        if (isClosed()) {
            told.run();
        }
    }

    void forget(Runnable told) {
        toldOfTheEnd.remove(told);
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    static SolsticeException closedError() {
        return ErrorCode.ENGINE_CLOSED
                .error("the connection to the master has been closed")
                .help("connect again with SolsticeClient.connect; the job goes on")
                .toException();
    }

    /** Ends all calls and threads. Jobs go on. */
    @Override
    public void close() {
        if (isClosed()) {
            return;
        }
        closed.countDown();
        toldOfTheEnd.forEach(Runnable::run);
        timer.shutdownNow();
        transport.shutdownNow();
        try {
            transport.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
